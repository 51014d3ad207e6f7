/** What `kt tail` shows of Kafka's own topics, compared with Kafka's formatters. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { testClusters } from '../support/clusters.ts';
import { opener } from '../support/group-readers.ts';
import { quickJava } from '../support/java.ts';
import { kt } from '../support/kt.ts';
import { until } from '../support/until.ts';

interface Line {
  readonly partition: number;
  readonly offset: number;
  readonly key: Readonly<Record<string, unknown>>;
  readonly keyEncoding: string;
  readonly value: Readonly<Record<string, unknown>> | null;
  readonly valueEncoding?: string;
}

/** Kafka's formatters, under the names they had before 4.0 and since. */
const formatters = {
  offsets: {
    3: 'kafka.coordinator.group.GroupMetadataManager$OffsetsMessageFormatter',
    4: 'org.apache.kafka.tools.consumer.OffsetsMessageFormatter',
  },
  transactions: {
    3: 'kafka.coordinator.transaction.TransactionLog$TransactionLogMessageFormatter',
    4: 'org.apache.kafka.tools.consumer.TransactionLogMessageFormatter',
  },
};

for (const { version, bootstrapServers, classpath } of await testClusters()) {
  const major = version.startsWith('3.') ? 3 : 4;

  describe(`Kafka's own topics on Kafka ${version}`, () => {
    const env = { KT_BOOTSTRAP_SERVER: bootstrapServers };
    let cluster: Cluster;

    before(async () => {
      cluster = await opener(bootstrapServers)();
    });
    after(() => cluster.close());

    async function done(args: readonly string[], stdin = ''): Promise<string> {
      const { code, stdout, stderr } = await kt(args, { env, stdin });
      assert.equal(code, 0, `kt ${args.join(' ')}\n${stderr}`);
      return stdout;
    }

    /** The records of an internal topic whose key names this group or producer (and no other test's open transaction is waited for), as `kt tail -o json` shows them. */
    async function told(topic: string, name: string): Promise<Line[]> {
      const text = await done(['tail', topic, '--from-beginning', '-e', '--isolation', 'read_uncommitted', '-o', 'json']);
      const lines = text.split('\n').slice(0, -1);
      return lines
        .map((line): Line => JSON.parse(line))
        .filter(({ key }) => [key['group'], key['groupId'], key['transactionalId']].includes(name));
    }

    /** What Kafka's console consumer prints of one record. */
    async function formatted(topic: string, { partition, offset }: Line, formatter: keyof typeof formatters): Promise<string> {
      const main = major === 3 ? 'kafka.tools.ConsoleConsumer' : 'org.apache.kafka.tools.consumer.ConsoleConsumer';
      const where = ['--topic', topic, '--partition', String(partition), '--offset', String(offset), '--max-messages', '1'];
      const how = ['--formatter', formatters[formatter][major], '--timeout-ms', '30000'];
      const words = [...quickJava(classpath), main, '--bootstrap-server', bootstrapServers, ...where, ...how];
      return (await promisify(execFile)('java', words)).stdout;
    }

    test('committed offsets and members are shown as Kafka shows them, and a deleted offset as null', async () => {
      const topic = `internal-${randomUUID()}`;
      const group = `internal-${randomUUID()}`;
      await done(['topics', 'create', topic, '--partitions', '1']);
      await done(['produce', topic], 'a\nb\nc\n');
      await done(['tail', topic, '--group', group, '--commit', '--from-beginning', '-e']);

      const lines = await told('__consumer_offsets', group);
      assert.ok(
        lines.every(
          ({ keyEncoding, value, valueEncoding }) =>
            keyEncoding === 'internal' && (valueEncoding === 'internal' || value === null),
        ),
      );
      const commit = lines.findLast(({ key }) => key['type'] === 'OffsetCommit')!;
      assert.deepEqual(commit.key, { type: 'OffsetCommit', version: 1, group, topic, partition: 0 });
      const { type, version: valueVersion, ...data } = commit.value!;
      assert.deepEqual([type, data['offset']], ['OffsetCommit', 3]);

      const kafka = await formatted('__consumer_offsets', commit, 'offsets');
      if (major === 3) {
        assert.ok(kafka.startsWith(`[${group},${topic},0]::OffsetAndMetadata(offset=3,`), kafka);
        assert.ok(kafka.includes(`metadata=${data['metadata']}, commitTimestamp=${data['commitTimestamp']},`), kafka);
      } else {
        const key = { type: 1, data: { group, topic, partition: 0 } };
        assert.deepEqual(JSON.parse(kafka), { key, value: { version: valueVersion, data } });
      }

      // In the classic protocol this is in the group's record, in KIP-848's in a record of the member.
      const subscriptions = lines.flatMap(({ value }) => {
        const members = (value?.['members'] ?? []) as readonly {
          readonly subscription: { readonly topics: readonly string[] };
        }[];
        return [...members.map(({ subscription }) => subscription.topics), value?.['subscribedTopicNames']];
      });
      assert.ok(
        subscriptions.some((topics) => JSON.stringify(topics) === JSON.stringify([topic])),
        JSON.stringify(lines),
      );

      await cluster.request('DeleteGroups', { groupsNames: [group] }, { group });
      let last = commit;
      await until(async () => {
        last = (await told('__consumer_offsets', group)).findLast(({ key }) => key['type'] === 'OffsetCommit')!;
        return last.offset > commit.offset;
      }, 'the deleted offset can be read');
      assert.deepEqual([last.key, last.value, last.valueEncoding], [commit.key, null, undefined]);
    });

    test('a transactional producer is shown as Kafka shows it, with its state as a word', async () => {
      const transactionalId = `internal-${randomUUID()}`;
      const body = { transactionalId, transactionTimeoutMs: 61_000, producerId: -1n, producerEpoch: -1 };
      const { producerId } = await cluster.request('InitProducerId', body, { transactionalId });

      let first: Line | undefined;
      await until(async () => {
        [first] = await told('__transaction_state', transactionalId);
        return first !== undefined;
      }, 'the producer can be read');
      assert.deepEqual(first!.key, { type: 'TransactionLog', version: 0, transactionalId });
      const { type, version: valueVersion, ...data } = first!.value!;
      assert.deepEqual(
        [type, data['producerId'], data['transactionTimeoutMs'], data['transactionStatus']],
        ['TransactionLog', Number(producerId), 61_000, 'Empty'],
      );

      const kafka = await formatted('__transaction_state', first!, 'transactions');
      if (major === 3) {
        assert.ok(kafka.startsWith(`${transactionalId}::TransactionMetadata(`), kafka);
        for (const part of [`producerId=${producerId}`, 'txnTimeoutMs=61000', 'state=Empty'])
          assert.ok(kafka.includes(part), kafka);
      } else {
        const key = { type: 0, data: { transactionalId } };
        assert.deepEqual(JSON.parse(kafka), { key, value: { version: valueVersion, data: { ...data, transactionStatus: 0 } } });
      }
    });

    test('named formats give the bytes as they are, and a template decodes when asked to', async () => {
      const one = [
        'tail',
        '__consumer_offsets',
        '--from-beginning',
        '-e',
        '-n',
        '1',
        '-p',
        String(await used('__consumer_offsets')),
      ];
      const { key, keyEncoding } = JSON.parse(await done([...one, '-o', 'json', '--key-format', 'base64']));
      assert.equal(keyEncoding, 'base64');
      const decoded = JSON.parse(await done([...one, '-f', '%k', '--key-format', 'internal']));
      assert.equal(decoded.version, Buffer.from(key, 'base64').readUInt16BE(0));
    });

    /** A partition that holds records. */
    async function used(topic: string): Promise<number> {
      const line = await done(['tail', topic, '--from-beginning', '-e', '-n', '1', '-f', '%p']);
      return Number(line);
    }
  });
}
