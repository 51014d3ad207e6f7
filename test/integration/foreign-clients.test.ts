/** kt beside kcat, confluent-kafka and Kafka's own tools: lines, places, transactions and commits (for every kind of record see cross-clients.test.ts). */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { confluentUnavailable, javaTool, kcatUnavailable, output, python } from '../support/foreign-clients.ts';
import { codecs } from '../support/foreign-records.ts';
import { type KtResult, kt as runKt } from '../support/kt.ts';
import type { JsonRecord } from '../support/record-clients.ts';

const kcat = kcatUnavailable();
const confluent = confluentUnavailable();
const clusters = await testClusters();

/** One transaction that is committed, one that is aborted, one more committed. */
const confluentTransactions = `
import sys
from confluent_kafka import Producer
servers, topic = sys.argv[1:3]
producer = Producer({'bootstrap.servers': servers, 'transactional.id': topic})
producer.init_transactions()
for name, commit in (('kept-1', True), ('aborted', False), ('kept-2', True)):
    producer.begin_transaction()
    for n in range(10): producer.produce(topic, value=f'{name}-{n}'.encode(), key=b'\\0\\0\\0\\0')
    producer.flush()
    producer.commit_transaction() if commit else producer.abort_transaction()
`;

function lines(text: string | Buffer): string[] {
  return text.toString().split('\n').slice(0, -1);
}

for (const [index, { version, bootstrapServers, classpath }] of clusters.entries()) {
  const program = index % 2 === 0 ? 'binary' : 'node';
  const options = { program, env: { KT_BOOTSTRAP_SERVER: bootstrapServers } } as const;
  const kt = (args: readonly string[], stdin: string | Buffer = ''): Promise<KtResult> => runKt(args, { ...options, stdin });
  const isOld = version.startsWith('3.');
  const consoleProducer = isOld ? 'kafka.tools.ConsoleProducer' : 'org.apache.kafka.tools.ConsoleProducer';
  const consoleConsumer = isOld ? 'kafka.tools.ConsoleConsumer' : 'org.apache.kafka.tools.consumer.ConsoleConsumer';
  const consumerGroups = isOld
    ? 'kafka.admin.ConsumerGroupCommand'
    : 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';

  async function newTopic(partitions: number): Promise<string> {
    const topic = `foreign-${randomUUID()}`;
    const created = await kt(['topics', 'create', topic, '--partitions', String(partitions)]);
    assert.equal(created.code, 0, created.stderr);
    return topic;
  }

  async function tailed(topic: string, ...args: readonly string[]): Promise<string[]> {
    const result = await kt(['tail', topic, '--from-beginning', '-e', ...args]);
    assert.equal(result.code, 0, result.stderr);
    return lines(result.stdout);
  }

  test(`${version}: kt reads what Kafka's console producer and kcat wrote, and they read what kt wrote, in each codec`, {
    skip: kcat ?? false,
  }, async () => {
    const topic = await newTopic(1);
    const written = Array.from({ length: 200 }, (_, n) => `${n} ${randomBytes(n).toString('base64')} žluťoučký`);
    const text = `${written.join('\n')}\n`;
    await javaTool(
      classpath,
      consoleProducer,
      ['--bootstrap-server', bootstrapServers, '--topic', topic, '--compression-codec', 'lz4'],
      text,
    );
    await output('kcat', ['-P', '-b', bootstrapServers, '-t', topic, '-z', 'snappy'], text);
    for (const codec of codecs) {
      const result = await kt(['produce', topic, '--compression', codec], text);
      assert.equal(result.code, 0, result.stderr);
    }
    const expected = Array.from({ length: 2 + codecs.length }, () => written).flat();
    assert.deepEqual(await tailed(topic, '-o', 'value'), expected);
    assert.deepEqual(
      lines(await output('kcat', ['-C', '-b', bootstrapServers, '-t', topic, '-o', 'beginning', '-e', '-q'])),
      expected,
    );
    const java = await javaTool(classpath, consoleConsumer, [
      ...[
        '--bootstrap-server',
        bootstrapServers,
        '--topic',
        topic,
        '--from-beginning',
        '--max-messages',
        String(expected.length),
      ],
    ]);
    assert.deepEqual(lines(java), expected);
  });

  test(`${version}: a key lands on the partition where Kafka's Java producer puts it`, async () => {
    const [ours, theirs] = [await newTopic(12), await newTopic(12)];
    const keys = Array.from({ length: 300 }, (_, n) => ['user-', 'ключ-', '用户', ''][n % 4] + 'k'.repeat(n % 9) + n);
    const text = `${keys.map((key) => `${key}|v`).join('\n')}\n`;
    const produced = await kt(['produce', ours, '-K', '|'], text);
    assert.equal(produced.code, 0, produced.stderr);
    const property = isOld ? '--property' : '--reader-property';
    await javaTool(
      classpath,
      consoleProducer,
      ['--bootstrap-server', bootstrapServers, '--topic', theirs, property, 'parse.key=true', property, 'key.separator=|'],
      text,
    );
    const places = async (topic: string) => (await tailed(topic, '-f', '%k %p\\n')).sort();
    const found = await places(ours);
    assert.equal(found.length, 300);
    assert.deepEqual(found, await places(theirs));
  });

  test(`${version}: -e ends behind a transaction's marker; aborted records are hidden, unless asked for`, {
    skip: confluent ?? false,
  }, async () => {
    const topic = await newTopic(1);
    await python(confluentTransactions, [bootstrapServers, topic]);
    const kept = ['kept-1', 'kept-2'].flatMap((name) => Array.from({ length: 10 }, (_, n) => `${name}-${n}`));
    assert.deepEqual(await tailed(topic), kept);
    assert.equal((await tailed(topic, '--isolation', 'read_uncommitted')).length, 30);
    // Started between the transactions and at a marker as well.
    const fromTwelve = await kt(['tail', topic, '--from', '12', '-e']);
    assert.deepEqual(lines(fromTwelve.stdout), kept.slice(10));
    const fromLast = await kt(['tail', topic, '--from', '-1', '-e']);
    assert.deepEqual([fromLast.code, fromLast.stdout], [0, '']);
  });

  test(`${version}: what --group --commit committed is what kafka-consumer-groups shows`, async () => {
    const topic = await newTopic(3);
    const group = `group-${randomUUID()}`;
    await kt(['produce', topic, '-K', '|'], Array.from({ length: 100 }, (_, n) => `k${n}|v${n}\n`).join(''));
    const first = await kt(['tail', topic, '--group', group, '--commit', '--from-beginning', '-n', '40', '-o', 'json']);
    assert.equal(first.code, 0, first.stderr);
    const next = new Map<number, number>();
    for (const line of lines(first.stdout)) {
      const { partition, offset } = JSON.parse(line) as JsonRecord;
      next.set(partition, Math.max(next.get(partition) ?? 0, offset + 1));
    }
    const shown = await javaTool(classpath, consumerGroups, [
      '--bootstrap-server',
      bootstrapServers,
      '--describe',
      '--group',
      group,
    ]);
    const rows = shown
      .split('\n')
      .filter((row) => row.includes(topic))
      .map((row) => row.trim().split(/\s+/));
    const committed = new Map(
      rows.filter((row) => row[3] !== '-' && row[3] !== '0').map((row) => [Number(row[2]), Number(row[3])]),
    );
    assert.deepEqual(new Map([...committed].sort()), new Map([...next].sort()));

    const second = await kt(['tail', topic, '--group', group, '--commit', '--from-beginning', '-e', '-o', 'json']);
    const all = [...lines(first.stdout), ...lines(second.stdout)].map((line) => (JSON.parse(line) as JsonRecord).value).sort();
    assert.deepEqual(all, Array.from({ length: 100 }, (_, n) => `v${n}`).sort());
    const lag = await kt(['lag', group, '--max-lag', '0']);
    assert.equal(lag.code, 0, lag.stderr);
  });

  test(`${version}: a group that began at the end continues there, although no record had come before it stopped`, async () => {
    const topic = await newTopic(2);
    const group = `group-${randomUUID()}`;
    await kt(['produce', topic, '-m', 'before']);
    const first = await kt(['tail', topic, '--group', group, '--commit', '-e']);
    assert.deepEqual([first.code, first.stdout], [0, '']);
    await kt(['produce', topic, '-K', '\\t'], 'a\t1\nb\t2\nc\t3\n');
    const second = await kt(['tail', topic, '--group', group, '--commit', '-e']);
    assert.deepEqual(lines(second.stdout).sort(), ['1', '2', '3']);
  });
}
