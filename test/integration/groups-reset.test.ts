/** `kt groups reset-offsets`: the same plans as kafka-consumer-groups, applied, and refused if the group has members. */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { alterGroupOffsets } from '../../src/core/groups/commit.ts';
import { testClusters } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { opener } from '../support/group-readers.ts';
import { asLines, ktOn, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const newName = () => `reset-${randomUUID()}`;
const hour = 3_600_000;

for (const cluster of await testClusters()) {
  const { version, bootstrapServers, classpath } = cluster;
  const old = version.startsWith('3.');
  describe(`resetting offsets on Kafka ${version}`, () => {
    const kt = ktOn(cluster);
    const open = opener(bootstrapServers);
    // biome-ignore lint/suspicious/noExplicitAny: a report as JSON.
    const json = async (...args: readonly string[]): Promise<any> => JSON.parse(await kt.done([...args, '-o', 'json']));
    const reset = (group: string, ...args: readonly string[]) => json('groups', 'reset-offsets', group, ...args);
    const row = ({ partition, committedOffset, targetOffset, reread, skipped }: Record<string, unknown>) => [
      partition,
      committedOffset,
      targetOffset,
      reread,
      skipped,
    ];

    /** kafka-consumer-groups --reset-offsets --dry-run: `topic-partition` → NEW-OFFSET. */
    async function javaPlan(group: string, ...args: readonly string[]): Promise<Record<string, number>> {
      const tool = old ? 'kafka.admin.ConsumerGroupCommand' : 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
      const words = [
        '--bootstrap-server',
        bootstrapServers,
        // The tool's own 5 s are short on a busy machine.
        '--timeout',
        '30000',
        '--reset-offsets',
        '--dry-run',
        '--export',
        '--group',
        group,
        ...args,
      ];
      const stdout = await javaTool(classpath, tool, words);
      const lines = stdout.split('\n').filter((line) => /,\d+,\d+$/.test(line));
      return Object.fromEntries(
        lines.map((line) => {
          const [topic, partition, offset] = line.replaceAll('"', '').split(',').slice(-3);
          return [`${topic}-${partition}`, Number(offset)];
        }),
      );
    }

    /** Two partitions of 12 and 6 records, one an hour, the newest now; the group stands at 8 and 2, the log begins at 0. */
    async function fixture(): Promise<{ topic: string; group: string }> {
      const topic = await kt.newTopic('--partitions', '2');
      const group = newName();
      const now = Date.now();
      for (const [partition, count] of [12, 6].entries()) {
        const lines = numbers(1, count).map((value) =>
          JSON.stringify({ value, timestamp: now - (count - Number(value)) * hour }),
        );
        await kt.done(['produce', topic, '--partition', String(partition), '-i', 'json'], asLines(lines));
      }
      await reset(group, '--to', '8', '--topic', `${topic}:0`, '--execute');
      await reset(group, '--to', '2', '--topic', `${topic}:1`, '--execute');
      return { topic, group };
    }

    test('plans are the same as those of kafka-consumer-groups', async () => {
      const { topic, group } = await fixture();
      const time = new Date(Date.now() - 3.5 * hour);
      const cases: readonly (readonly [kt: readonly string[], java: readonly string[], offsets: readonly number[]])[] = [
        [['--to', 'beginning'], ['--to-earliest'], [0, 0]],
        [['--to', 'end'], ['--to-latest'], [12, 6]],
        [['--to', 'current'], ['--to-current'], [8, 2]],
        [
          ['--to', '7'],
          ['--to-offset', '7'],
          [7, 6],
        ],
        [
          ['--shift', '-3'],
          ['--shift-by', '-3'],
          [5, 0],
        ],
        [
          ['--shift', '3'],
          ['--shift-by', '3'],
          [11, 5],
        ],
        [
          ['--by-duration', '90m'],
          ['--by-duration', 'PT1H30M'],
          [10, 4],
        ],
        [
          ['--to', `@${time.toISOString()}`],
          ['--to-datetime', time.toISOString().slice(0, -1)],
          [8, 2],
        ],
      ];
      // Two at a time: each is a JVM.
      for (let from = 0; from < cases.length; from += 2) {
        await Promise.all(
          cases.slice(from, from + 2).map(async ([words, javaWords, offsets]) => {
            const { partitions, executed } = await reset(group, ...words);
            const plan = Object.fromEntries(
              partitions.map((each: { partition: number; targetOffset: number }) => [
                `${topic}-${each.partition}`,
                each.targetOffset,
              ]),
            );
            assert.deepEqual(plan, { [`${topic}-0`]: offsets[0], [`${topic}-1`]: offsets[1] }, words.join(' '));
            assert.deepEqual(plan, await javaPlan(group, '--all-topics', ...javaWords), words.join(' '));
            assert.equal(executed, false);
          }),
        );
      }
    });

    test('a plan changes nothing; add --execute to set the offsets that were planned, and the next plan starts from them', async () => {
      const { group } = await fixture();
      const plan = await reset(group, '--to', '-3');
      assert.deepEqual([plan.state, plan.reread, plan.skipped], ['Empty', 0, 2]);
      assert.deepEqual(plan.partitions.map(row), [
        [0, 8, 9, 0, 1],
        [1, 2, 3, 0, 1],
      ]);
      const done = await reset(group, '--to', '-3', '--execute');
      assert.deepEqual(done.partitions.map(row), plan.partitions.map(row));
      assert.deepEqual(
        done.partitions.map(({ status }: { status: string }) => status),
        ['reset', 'reset'],
      );
      const after = await reset(group, '--to', 'beginning');
      assert.deepEqual(after.partitions.map(row), [
        [0, 9, 0, 9, 0],
        [1, 3, 0, 3, 0],
      ]);
    });

    test('the table says what would be read again or skipped, and that nothing was done yet', async () => {
      const { topic, group } = await fixture();
      const text = await kt.done(['groups', 'reset-offsets', group, '--topic', `${topic}:0`, '--to', '20']);
      assert.match(text, /records to re-read: {2}0\nrecords to skip: {5}4\n/);
      assert.match(text, / 0 +0 +12 +8 +12 +0 +4 +20 is beyond the log: set to its end\n/);
      assert.match(text, /\nthis is a plan, nothing was changed: add --execute to set the offsets\n$/);
      assert.doesNotMatch(text, / 1 +0 +6 /);
    });

    test('a plan saved to a file is applied as it was, and the CSV of kafka-consumer-groups is accepted too', async () => {
      const { topic, group } = await fixture();
      const csv = await kt.done(['groups', 'reset-offsets', group, '--to', '-1', '-o', 'csv']);
      await kt.done(['produce', topic, '--partition', '0', '-m', 'later']);
      const done = JSON.parse(
        await kt.done(['groups', 'reset-offsets', group, '--from-file', '-', '--execute', '-o', 'json'], csv),
      );
      assert.deepEqual(done.partitions.map(row), [
        [0, 8, 11, 0, 3],
        [1, 2, 5, 0, 3],
      ]);
      const java = `"${topic}",1,4\n`;
      const plan = JSON.parse(await kt.done(['groups', 'reset-offsets', group, '--from-file', '-', '-o', 'json'], java));
      assert.deepEqual(plan.partitions.map(row), [[1, 5, 4, 1, 0]]);
    });

    test('a group that does not exist is made only when topics are named', async () => {
      const topic = await kt.newTopic();
      const group = newName();
      const { code, stderr } = await kt.run(['groups', 'reset-offsets', group, '--to', 'end', '--execute']);
      assert.equal(code, 3);
      assert.match(stderr, /^kt: unknown group .+\nhint: .*to create a new group, name its topics: --topic TOPIC\n$/);
      const plan = await kt.done(['groups', 'reset-offsets', group, '--to', 'end', '--topic', topic]);
      assert.match(plan, new RegExp(`state: +does not exist\n[^]*it would create group ${group}, which does not exist`));
      assert.equal((await kt.run(['groups', 'describe', group])).code, 3);
      assert.equal((await reset(group, '--to', 'end', '--topic', topic, '--execute')).state, null);
      assert.equal((await json('groups', 'list', group))[0].state, 'Empty');
    });

    test('topics and partitions that are not there are exit code 3, and the others are planned', async () => {
      const { topic, group } = await fixture();
      const { code, stdout, stderr } = await kt.run([
        ...['groups', 'reset-offsets', group, '--to', 'end', '-o', 'json'],
        ...['--topic', `${topic}:0,7`, '--topic', newName()],
      ]);
      assert.equal(code, 3);
      assert.deepEqual(JSON.parse(stdout).partitions.map(row), [[0, 8, 12, 0, 4]]);
      assert.match(stderr, /topic \S+ has no partition 7 \(it has 2: 0 to 1\)/);
      assert.match(stderr, /unknown topic/);
    });

    test(`a group that somebody is in is refused, with who it is; once they left it is reset${old ? '' : ' (KIP-848)'}`, async (t) => {
      const { topic, group } = await fixture();
      const reader = kt.start(t, ['tail', topic, '--group', group, '--commit', '-o', 'value']);
      reader.child.stdout.resume();
      await until(async () => (await json('groups', 'describe', group))[0].lag === 0, 'the group has caught up');
      const [{ type, members }] = await json('groups', 'describe', group);
      assert.equal(type, old ? 'classic' : 'consumer');
      const refused = await kt.run(['groups', 'reset-offsets', group, '--to', 'beginning', '--execute']);
      assert.deepEqual([refused.code, refused.stdout], [3, '']);
      const [{ clientId, host }] = members;
      assert.ok(
        refused.stderr.startsWith(
          `kt: group ${group} is active (it is Stable with 1 member: ${clientId} at ${host})\nhint: stop its`,
        ),
        refused.stderr,
      );
      // If the member had come after kt looked at the group, Kafka would have refused the commit.
      const late = await open();
      const failures = await alterGroupOffsets(late, group, [{ topic, partition: 0, offset: 0n }]);
      await late.close();
      assert.match(failures.get(`${topic}:0`)!.message, /not set \(a member has joined the group\)$/);
      // The plan is still shown.
      const planned = await kt.run(['groups', 'reset-offsets', group, '--to', 'beginning', '-o', 'json']);
      assert.equal(planned.code, 3);
      assert.deepEqual(JSON.parse(planned.stdout).partitions.map(row), [
        [0, 12, 0, 12, 0],
        [1, 6, 0, 6, 0],
      ]);
      reader.child.kill('SIGTERM');
      await reader.ended;
      const done = await reset(group, '--to', 'beginning', '--execute');
      assert.deepEqual([done.type, done.reread], [type, 18]);
      assert.equal((await json('lag', group))[0].lag, 18);
    });

    test('two targets, none, or a file that is none are usage errors', async () => {
      const group = newName();
      const usage = async (args: readonly string[], message: RegExp, stdin = '') => {
        const { code, stderr } = await kt.run(['groups', 'reset-offsets', group, ...args], stdin);
        assert.equal(code, 2, stderr);
        assert.match(stderr, message);
      };
      await usage([], /^kt: no target\nhint: give one of --to, --shift/);
      await usage(['--to', 'end', '--shift', '1'], /^kt: --to and --shift \(more than one target\)/);
      await usage(['--to', 'middle'], /^kt: --to middle \(not a position\)/);
      await usage(['--from-file', '/nonexistent/file'], /^kt: --from-file \/nonexistent\/file \(no such file\)/);
      await usage(['--from-file', '-'], /^kt: --from-file stdin \(line 1 has no partition\)/, 'x');
    });
  });
}
