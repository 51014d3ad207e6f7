import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../../../src/main.ts';
import { fakeIo } from '../../../support/fake-io.ts';

/** Bad usage: refused with exit code 2 before any broker is contacted, so none is needed. */
const wrong: readonly (readonly [line: string, message: RegExp])[] = [
  ['topics create', /missing required argument|topic/],
  ['topics create a/b', /illegal topic name a\/b \('\/' is not allowed\)/],
  ['topics create orders --partitions 0', /--partitions 0 \(must be at least 1\)/],
  ['topics create orders --partitions three', /--partitions three \(not a whole number\)/],
  ['topics create orders --replication-factor 40000', /--replication-factor 40000 \(too large\)/],
  ['topics create orders --retention 7x', /--retention 7x \(not a duration\)/],
  ['topics create orders --retention 7', /--retention 7 \(not a duration\)/],
  ['topics create orders --retention-bytes 1GB1', /--retention-bytes 1GB1 \(not a size\)/],
  ['topics create orders --cleanup-policy shred', /--cleanup-policy shred/],
  ['topics create orders --config retention.ms', /--config retention\.ms \(not key=value\)/],
  ['topics create orders --retention 7d --config retention.ms=1', /--retention and --config retention\.ms/],
  ['topics create orders --replica-assignment 1:1', /partition 0 names broker 1 twice/],
  ['topics create orders --replica-assignment 1,2 --partitions 2', /already sets the number of partitions/],
  ['topics create orders orders', /topic orders \(named twice\)/],
  ['topics create orders --like a*', /--like a\* \(a pattern\)/],
  ['topics create orders --like /a.*/', /--like \/a\.\*\/ \(a pattern\)/],
  ['topics describe --configs some', /--configs some/],
  ['topics alter orders', /topics alter \(nothing to alter\)/],
  ['topics alter orders-* --retention 1d', /orders-\* \(topics alter takes names, not patterns\)/],
  ['topics alter orders --retention 1d --delete-config retention.ms', /retention\.ms \(a config can be changed only once/],
  ['topics alter orders --partitions 0', /--partitions 0 \(must be at least 1\)/],
  ['topics delete', /missing required argument|topic/],
  ['topics delete-records orders', /--before \(not given\)/],
  ['topics delete-records orders-* --before end', /takes names, not patterns/],
  ['topics delete-records orders --before soon', /--before soon \(not a position\)/],
  ['topics offsets orders --at 42', /--at 42 \(is already an offset\)/],
  ['topics apply', /no file/],
  ['topics apply -f nowhere.yaml', /nowhere\.yaml \(no such file\)/],
  ['topics apply -f - --check --dry-run', /--check and --dry-run/],
  ['topics apply -f - --prune', /stdin, line 1: there is no list of topics/],
  ['topics export orders --sections acls', /orders with --sections acls \(only topics are chosen by name\)/],
  ['topics export --sections topics,roles', /--sections: roles \(not one of topics, acls, users, quotas\)/],
  ['cluster features upgrade --release-version 9.9', /--release-version 9\.9 \(no release that kt knows\)/],
  ['cluster features upgrade --release-version 4.3 --metadata 4.3-IV0', /--release-version with --feature or --metadata/],
  ['cluster features downgrade', /cluster features downgrade \(nothing to change\)/],
  ['cluster quorum add-controller -i 4 --listener CONTROLLER://h:1', /add-controller \(it is not said which\)/],
  ['cluster quorum add-controller -d short', /--controller-directory-id short \(not the id of a directory\)/],
  ['cluster quorum remove-controller --yes', /remove-controller \(it is not said which\)/],
  ['configs describe user alice', /user \(not one of topic, broker/],
  ['configs describe broker one', /one \(not the id of a broker\)/],
  ['configs alter broker 1', /configs alter \(nothing to alter\)/],
  ['configs alter broker-logger default -c a=b', /default \(not the id of a broker\)/],
  ['lag billing --all', /--all and billing/],
  ['lag --max-lag many', /--max-lag many \(not a whole number\)/],
  ['lag --max-lag -1', /--max-lag/],
  ['lag --uncommitted maybe', /--uncommitted maybe/],
  ['groups list --state Fine', /--state Fine/],
  ['groups list --type any', /--type any/],
  ['groups describe', /missing required argument|group/],
];

for (const [line, message] of wrong) {
  test(`kt ${line}: exit code 2, and nothing on stdout`, async () => {
    // A port nobody listens on: a connection would be exit code 4.
    const io = fakeIo(line, { env: { KT_BOOTSTRAP_SERVER: '127.0.0.1:1' } });
    assert.equal(await run(io), 2, io.output.stderr);
    assert.match(io.output.stderr, message);
    assert.equal(io.output.stdout, '');
  });
}

test('topics list without a broker: exit code 4', async () => {
  const io = fakeIo('topics list', { env: { KT_BOOTSTRAP_SERVER: '127.0.0.1:1' } });
  assert.equal(await run(io), 4);
  assert.match(io.output.stderr, /connection refused/);
});
