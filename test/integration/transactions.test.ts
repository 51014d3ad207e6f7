/** Open transactions are seen and ended from outside, also one that no coordinator will ever end; side by side with kafka-transactions. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { ActiveProducer } from '../../src/core/transactions/producers.ts';
import { BatchWriter } from '../../src/kafka/batch/writer.ts';
import { connect } from '../../src/kafka/connect.ts';
import { type TestCluster, testClusters } from '../support/clusters.ts';
import { kafkaTools } from '../support/kafka-tools.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

/** The newest version whose broker does not add the partition to the transaction by itself. */
const withoutAdding = 11;

/**
 * Writes a record of a transaction that its coordinator never hears of, as lost requests of old clients left them behind. Brokers that verify
 * (KIP-890) do not take it.
 */
async function leaveHanging({ bootstrapServers }: TestCluster, topic: string): Promise<bigint> {
  const [host, port] = bootstrapServers.split(':');
  const settings = { bootstrapServers: [{ host: host!, port: Number(port) }], clientId: 'kt-test', timeoutMs: 60_000 };
  const cluster = await connect({ ...settings, addressMap: new Map() }, { signal: new AbortController().signal });
  const transactionalId = `hanging-${randomUUID()}`;
  try {
    const begin = { transactionalId, transactionTimeoutMs: 60_000 };
    let producer = { errorCode: -1, producerId: -1n, producerEpoch: -1 };
    await until(async () => {
      const broker = (await cluster.coordinators([transactionalId], true, 'transaction')).get(transactionalId)!;
      producer = await cluster.request('InitProducerId', begin, { broker });
      return producer.errorCode === 0;
    }, 'a producer id');
    const value = Buffer.from('hanging');
    const writer = new BatchWriter();
    writer.append({
      ...{ key: value, keyStart: -1, keyEnd: -1, value, valueStart: 0, valueEnd: value.length },
      ...{ headers: undefined, timestamp: Date.now() },
    });
    const records = writer.finish('none');
    BatchWriter.setProducer(records, producer.producerId, producer.producerEpoch, 0, true);
    const body = {
      ...{ transactionalId, acks: -1, timeoutMs: 30_000 },
      topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
    };
    const { responses } = await cluster.request('Produce', body, { broker: 1 }, { maxVersion: withoutAdding });
    assert.equal(responses[0]!.partitionResponses[0]!.errorCode, 0);
    return producer.producerId;
  } finally {
    await cluster.close();
  }
}

for (const [index, cluster] of (await testClusters()).entries()) {
  const kt = ktOn(cluster, index === 0 ? 'node' : 'binary');
  const { transactions: kafkaTransactions } = kafkaTools(cluster);
  const rows = async (...args: string[]) => JSON.parse(await kt.done([...args, '-o', 'json']));

  test(`Kafka ${cluster.version}: an open transaction is found, described and aborted by its id`, async (t) => {
    const topic = await kt.newTopic('--partitions', '1');
    const id = `id-${randomUUID()}`;
    const producer = kt.start(t, ['produce', topic, '--transactional-id', id]);
    producer.child.stdin.write('one\n');
    const open = async (): Promise<ActiveProducer[]> =>
      (await rows('producers', topic)).filter((each: ActiveProducer) => each.currentTransactionStartOffset !== null);
    await until(async () => (await open()).length === 1, 'an open transaction');
    const [active] = await open();
    assert.deepEqual(
      { ...active, lastTimestamp: 0 },
      {
        ...{ topic, partition: 0, producerId: active!.producerId, producerEpoch: active!.producerEpoch, lastSequence: 0 },
        ...{ lastTimestamp: 0, coordinatorEpoch: null, currentTransactionStartOffset: 0 },
      },
    );
    const producers = await kafkaTransactions('describe-producers', '--topic', topic, '--partition', '0');
    // ProducerId, ProducerEpoch, LatestCoordinatorEpoch, LastSequence, LastTimestamp, CurrentTransactionStartOffset.
    const { producerId, producerEpoch, lastTimestamp } = active!;
    assert.deepEqual(
      producers.trim().split('\n').at(-1)!.trim().split(/\s+/),
      [producerId, producerEpoch, -1, 0, lastTimestamp, 0].map(String),
    );
    for (const reading of [
      ['tail', topic, '--from-beginning', '-e'],
      ['tail', topic, '--last', '5'],
      ['table', topic],
    ]) {
      const { code, stderr } = await kt.run(reading);
      assert.equal(code, 0);
      const ends = `${topic}:0: the reading ends at offset 0, where an open transaction begins; the offset behind it is left out`;
      const cure = `--isolation read_uncommitted reads them; kt transactions find-hanging --topic ${topic} shows whether one hangs`;
      assert.ok(stderr.includes(`${ends}\n${cure}\n`), stderr);
    }
    const all = await kt.run(['tail', topic, '--from-beginning', '-e', '--isolation', 'read_uncommitted']);
    assert.deepEqual([all.code, all.stdout, all.stderr], [0, 'one\n', '']);
    const named = (list: { transactionalId: string }[]) => list.filter(({ transactionalId }) => transactionalId === id);
    const listed = named(await rows('transactions', 'list', '--state', 'ongoing'));
    assert.deepEqual(listed, [{ transactionalId: id, coordinator: 1, producerId: active!.producerId, state: 'Ongoing' }]);
    const theirs = (await kafkaTransactions('list')).split('\n').find((each) => each.includes(id))!;
    assert.deepEqual(theirs.trim().split(/\s+/), [id, '1', String(producerId), 'Ongoing']);
    assert.deepEqual(named(await rows('transactions', 'list', '--longer-than', '1h')), []);
    assert.equal(named(await rows('transactions', 'list', '--longer-than', '1ms')).length, 1);
    assert.equal((await rows('transactions', 'list', '--producer-id', String(active!.producerId))).length, 1);

    const [described] = await rows('transactions', 'describe', id);
    const text = await kafkaTransactions('describe', '--transactional-id', id);
    const words = text.trim().split('\n').at(-1)!.trim().split(/\s+/);
    const expected = [
      1,
      id,
      described.producerId,
      described.producerEpoch,
      'Ongoing',
      described.timeoutMs,
      described.startTime,
    ];
    assert.deepEqual(words.slice(0, 7), expected.map(String), text);
    assert.deepEqual(described.partitions, [{ topic, partition: 0 }]);
    const both = await kt.run(['transactions', 'describe', `no-${id}`, id, '-o', 'name']);
    assert.deepEqual([both.code, both.stdout], [3, `${id}\n`]);
    assert.match(both.stderr, /unknown transactional id/);

    // A live one is no hanging one, and is not aborted as one.
    assert.deepEqual(await rows('transactions', 'find-hanging', '--topic', topic, '--longer-than', '1ms'), []);
    const place = ['transactions', 'abort', '--topic', `${topic}:0`, '--start-offset', '0'];
    const live = await kt.run([...place, '--yes']);
    assert.equal(live.code, 2);
    assert.ok(live.stderr.includes(`hint: kt transactions abort ${id} `), live.stderr);

    assert.equal((await kt.run(['transactions', 'abort', id])).code, 2);
    assert.equal((await rows('transactions', 'abort', id, '--dry-run'))[0].status, 'valid');
    assert.equal((await rows('transactions', 'abort', id, '--yes'))[0].status, 'aborted');
    assert.deepEqual(await open(), []);
    producer.child.stdin.end('two\n');
    const { code, stderr } = await producer.ended;
    assert.equal(code, 3, stderr);
    assert.deepEqual(await kt.values(topic), []);
    assert.equal((await rows('transactions', 'abort', id, '--yes'))[0].status, 'absent');
  });

  test(`Kafka ${cluster.version}: a transaction that hangs is found and aborted where it is`, async (t) => {
    const verify = (value: string) =>
      kt.done(['configs', 'alter', 'broker', '1', '--config', `transaction.partition.verification.enable=${value}`]);
    const topic = await kt.newTopic('--partitions', '1');
    await kt.done(['produce', topic, '-m', 'before']);
    t.after(() => verify('true'));
    await verify('false');
    const producerId = await leaveHanging(cluster, topic);
    await kt.done(['produce', topic, '-m', 'behind']);
    assert.deepEqual(await kt.values(topic), ['before']);

    const find = ['transactions', 'find-hanging', '--topic', topic, '--longer-than', '1ms'];
    const found = await rows(...find);
    assert.equal(found.length, 1);
    const { durationMs, lastTimestamp, producerEpoch, ...rest } = found[0];
    assert.deepEqual(rest, { topic, partition: 0, producerId: Number(producerId), startOffset: 1 });
    assert.ok(durationMs > 0 && durationMs < 600_000 && Math.abs(Date.now() - lastTimestamp) < 600_000);
    assert.deepEqual(await rows('transactions', 'find-hanging', '--topic', topic), []);
    const text = await kafkaTransactions(
      'find-hanging',
      '--topic',
      topic,
      '--partition',
      '0',
      '--max-transaction-timeout',
      '0',
    );
    assert.match(
      text,
      new RegExp(`${topic}\\s+0\\s+${producerId}\\s+${producerEpoch}\\s+-?\\d+\\s+1\\s+${lastTimestamp}`),
      text,
    );

    const abort = ['transactions', 'abort', '--topic', topic, '--partition', '0', '--start-offset'];
    const elsewhere = await kt.run([...abort, '0', '--yes']);
    assert.equal(elsewhere.code, 3);
    assert.match(elsewhere.stderr, /none that is open begins there/);
    const [aborted] = await rows(...abort, '1', '--yes');
    assert.deepEqual(aborted, {
      ...{ transactionalId: null, topic, partition: 0, startOffset: 1 },
      ...{ producerId: Number(producerId), producerEpoch, status: 'aborted' },
    });
    assert.deepEqual(await kt.values(topic), ['before', 'behind']);
    assert.deepEqual(await rows(...find), []);
  });
}
