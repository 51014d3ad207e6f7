/** Static members that died (KAFKA PR#9243, KIP-670): they hold up a reset until their session times out, unless they are removed. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { joinGroup } from '../../src/kafka/group/membership.ts';
import { testClusters } from '../support/clusters.ts';
import { opener } from '../support/group-readers.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

for (const cluster of await testClusters()) {
  const { version, bootstrapServers } = cluster;
  const old = version.startsWith('3.');
  describe(`static members that died on Kafka ${version}`, () => {
    const kt = ktOn(cluster);
    const open = opener(bootstrapServers);
    // biome-ignore lint/suspicious/noExplicitAny: a report as JSON.
    const json = async (...args: readonly string[]): Promise<any> => JSON.parse(await kt.done([...args, '-o', 'json']));
    const rows = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await kt.run(['groups', 'remove-members', ...args, '-o', 'json']);
      const told = JSON.parse(stdout).map((row: Record<string, unknown>) => [row['groupInstanceId'], row['status']]);
      return { code, told, stderr };
    };

    /** Static members that joined and whose process was killed: their sockets close, and they say nothing to the group. */
    async function dead(topic: string, group: string, ids: readonly string[], newer = false): Promise<void> {
      for (const groupInstanceId of ids) {
        const connected = await open();
        const stop = new AbortController();
        const session = newer ? {} : { sessionTimeoutMs: 60_000 };
        const joining = joinGroup(connected, {
          ...{ group, topics: [topic], groupInstanceId, signal: stop.signal, note: () => {} },
          ...session,
        });
        await joining;
        await connected.close();
        stop.abort(new Error('killed'));
      }
    }
    const members = async (group: string) => (await json('groups', 'describe', group))[0].members.length;

    for (const protocol of old ? ['classic'] : ['classic', 'consumer']) {
      test(`a dead member of the ${protocol} protocol is removed, and the reset goes through at once`, async () => {
        const [topic, group] = [await kt.newTopic(), `dead-${randomUUID()}`];
        await dead(topic, group, ['pod-1'], protocol === 'consumer');
        assert.equal((await json('groups', 'describe', group))[0].type, protocol);
        const reset = ['groups', 'reset-offsets', group, '--topic', topic, '--to', 'end', '--execute'];
        const refused = await kt.run(reset);
        assert.equal(refused.code, 3, refused.stderr);
        assert.match(refused.stderr, new RegExp(`kt groups remove-members ${group} --all$`, 'm'));

        assert.deepEqual((await rows(group, '--all', '--dry-run')).told, [['pod-1', 'valid']]);
        assert.equal(await members(group), 1, 'a dry run removes nobody');
        const unasked = await kt.run(['groups', 'remove-members', group, '--all']);
        assert.deepEqual([unasked.code, await members(group)], [2, 1]);
        assert.match(unasked.stderr, /Remove 1 member of group /);

        const { code, told, stderr } = await rows(group, '--instance-id', 'pod-1', '--instance-id', 'pod-2', '--yes');
        assert.deepEqual([code, told], [3, [['pod-1', 'removed'], ['pod-2', 'absent']]], stderr); // biome-ignore format: rows
        assert.match(stderr, /has no member with instance id pod-2/);
        await kt.done(reset);
      });
    }

    test('--all removes every member of a classic group, and one that lives joins again', async (t) => {
      const [topic, group] = [await kt.newTopic(), `dead-${randomUUID()}`];
      const stop = new AbortController();
      const living = await open(stop.signal);
      t.after(() => living.close());
      const options = { group, topics: [topic], sessionTimeoutMs: 60_000, signal: stop.signal, note: () => {} };
      const member = await joinGroup(living, options);
      const { code, told, stderr } = await rows(group, '--all', '--yes');
      assert.deepEqual([code, told], [0, [[null, 'removed']]], stderr);
      await member.changed;
      await member.rejoin();
      assert.equal(await members(group), 1);
      stop.abort(new Error('the test is over'));
      await member.leave();
      await until(async () => (await members(group)) === 0, 'it has left');
      assert.deepEqual((await rows(group, '--all', '--yes')).told, []);
    });

    test('a dynamic member of the newer protocol can only leave by itself, and kt says so', {
      skip: old && 'off by default before Kafka 4',
    }, async (t) => {
      const [topic, group] = [await kt.newTopic(), `dynamic-${randomUUID()}`];
      kt.start(t, ['tail', topic, '--group', group]);
      await until(
        async () => (await kt.run(['groups', 'describe', group, '-o', 'json'])).stdout.includes('"memberId"'),
        'joined',
      );
      for (const dry of [[], ['--dry-run']]) {
        const { code, told, stderr } = await rows(group, '--all', '--yes', ...dry);
        assert.deepEqual([code, told], [3, [[null, 'failed']]], stderr);
        assert.match(stderr, /a dynamic member of the newer protocol, KIP-848, can only leave by itself/);
      }
      assert.equal(await members(group), 1);
    });

    test('who is to be removed has to be said, and the group has to be there', async () => {
      assert.equal((await kt.run(['groups', 'remove-members', 'nosuch'])).code, 2);
      assert.equal((await kt.run(['groups', 'remove-members', 'nosuch', '--all', '--instance-id', 'a'])).code, 2);
      assert.equal((await kt.run(['groups', 'remove-members', `nosuch-${randomUUID()}`, '--all', '--yes'])).code, 3);
    });
  });
}
