/** When a member commits, and where it goes on after a commit that failed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Membership } from '../../../../src/kafka/group/membership.ts';
import type { CommitOutcome, Offsets } from '../../../../src/kafka/group/offsets.ts';
import { type Commits, commitsAtOnce } from '../../../../src/records/source/commits.ts';
import { HandledOffsets } from '../../../../src/records/source/handled.ts';
import { MemberCommits } from '../../../../src/records/source/member-commits.ts';
import { until } from '../../../support/until.ts';

const at = (nextOffset: bigint) => [{ topic: 'orders', partition: 0, nextOffset }];
const assigned = (committedOffset: bigint | null) => [
  { topic: 'orders', partition: 0, committedOffset, committedLeaderEpoch: -1 },
];

/** A member's commits, with what was committed. */
function committer(given: Partial<Commits> = {}, outcomes: CommitOutcome[] = []) {
  const handled = new HandledOffsets();
  const done: bigint[] = [];
  const said = { back: 0, failures: [] as unknown[] };
  const membership = {
    commit: async (offsets: Offsets) => {
      done.push(offsets.get('orders')!.get(0)!);
      return outcomes.shift() ?? 'committed';
    },
  } as unknown as Membership;
  const commits = new MemberCommits({
    commits: { ...commitsAtOnce, ...given },
    membership,
    handled,
    lasting: (work) => work(),
  });
  commits.begin({ goBack: () => void said.back++, fail: (error) => void said.failures.push(error) });
  return { commits, handled, done, said };
}

test('a sink that is safe at once commits at the end of each answer', async () => {
  const { commits, handled, done } = committer();
  handled.add(at(5n));
  await commits.passed(false);
  assert.deepEqual(done, []);
  await commits.passed(true);
  assert.deepEqual(done, [5n]);
  await commits.all();
  assert.deepEqual(done, [5n], 'nothing new');
});

test('a sink that wants to commit later does so while nothing comes', async () => {
  const { commits, handled, done } = committer({ dueInMs: () => 20, withinAnswers: true });
  handled.add(at(5n));
  await commits.passed(false);
  assert.deepEqual(done, []);
  await until(() => done.length === 1, 'the commit');
  handled.add(at(6n));
  await commits.passed(true);
  await commits.settled();
  handled.add(at(7n));
  await commits.all();
  assert.deepEqual(done, [5n, 7n], 'what was due meanwhile is in the last one');
});

test('an error of a commit that nobody waits for ends the reading', async () => {
  const { commits, handled, said } = committer({
    dueInMs: () => 1,
    commit: async () => {
      throw new Error('no');
    },
  });
  handled.add(at(5n));
  await commits.passed(true);
  await until(() => said.failures.length === 1, 'the failure');
  await commits.settled();
});

test('what was handled stays handled when its commit is refused, unless that undid it', async () => {
  for (const isAtomic of [false, true]) {
    const { commits, handled, said } = committer({ isAtomic }, ['committed', 'stale']);
    assert.deepEqual(commits.continued(assigned(null)), assigned(null));
    commits.startAt(at(3n));
    await commits.all();
    handled.add(at(9n));
    await commits.all();
    assert.equal(said.back, isAtomic ? 1 : 0);
    assert.deepEqual(commits.continued(assigned(3n)), assigned(isAtomic ? 3n : 9n));
  }
});

test('where a partition began counts even if nothing was ever committed', async () => {
  const { commits } = committer({ isAtomic: true }, ['stale']);
  commits.continued(assigned(null));
  commits.startAt(at(3n));
  await commits.all();
  assert.deepEqual(commits.continued(assigned(null)), assigned(3n));
});
