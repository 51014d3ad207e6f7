/** `kt produce --transactional-id`: all or nothing, as kt, kcat and librdkafka read it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { confluentUnavailable, kcatUnavailable, output, python } from '../support/foreign-clients.ts';
import { type KtResult, kt as runKt, startKt } from '../support/kt.ts';

const kcat = kcatUnavailable();
const confluent = confluentUnavailable();
const clusters = await testClusters();

/** Prints the committed values up to the ends of all partitions. */
const confluentConsumer = `
import sys
from confluent_kafka import Consumer, TopicPartition, KafkaError, OFFSET_BEGINNING
servers, topic, isolation = sys.argv[1:4]
consumer = Consumer({'bootstrap.servers': servers, 'group.id': 'unused', 'enable.auto.commit': False, 'isolation.level': isolation, 'enable.partition.eof': True})
left = set(consumer.list_topics(topic).topics[topic].partitions)
consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in left])
while left:
    m = consumer.poll(20)
    if m is None: sys.exit('nothing came')
    if m.error() and m.error().code() == KafkaError._PARTITION_EOF: left.discard(m.partition())
    elif m.error(): sys.exit(str(m.error()))
    else: print(m.value().decode())
`;

function sortedLines(text: string | Buffer): string[] {
  return text.toString().split('\n').slice(0, -1).sort();
}

function values(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

for (const [index, { version, bootstrapServers }] of clusters.entries()) {
  const program = index % 2 === 0 ? 'binary' : 'node';
  const env = { KT_BOOTSTRAP_SERVER: bootstrapServers };
  const name = (story: string) => `${version}, ${program}: ${story}`;
  const kt = (args: readonly string[], stdin = ''): Promise<KtResult> => runKt(args, { program, env, stdin });

  async function newTopic(...options: readonly string[]): Promise<string> {
    const topic = `transactions-${randomUUID()}`;
    const created = await kt(['topics', 'create', topic, '--partitions', '3', ...options]);
    assert.equal(created.code, 0, created.stderr);
    return topic;
  }

  async function read(topic: string, isolation: 'read_committed' | 'read_uncommitted'): Promise<string[]> {
    const { code, stdout, stderr } = await kt([
      'tail',
      topic,
      '--from-beginning',
      '-e',
      '-o',
      'value',
      '--isolation',
      isolation,
    ]);
    assert.equal(code, 0, stderr);
    return sortedLines(stdout);
  }

  async function assertRead(topic: string, committed: readonly string[], all: readonly string[]): Promise<void> {
    assert.deepEqual(await read(topic, 'read_committed'), [...committed].sort());
    assert.deepEqual(await read(topic, 'read_uncommitted'), [...all].sort());
    for (const [isolation, expected] of [
      ['read_committed', committed],
      ['read_uncommitted', all],
    ] as const) {
      if (kcat === undefined) {
        const args = [
          '-b',
          bootstrapServers,
          '-C',
          '-t',
          topic,
          '-o',
          'beginning',
          '-e',
          '-q',
          '-X',
          `isolation.level=${isolation}`,
        ];
        assert.deepEqual(sortedLines(await output('kcat', args)), [...expected].sort(), 'kcat');
      }
      if (confluent === undefined) {
        const printed = await python(confluentConsumer, [bootstrapServers, topic, isolation]);
        assert.deepEqual(sortedLines(printed), [...expected].sort(), 'confluent-kafka');
      }
    }
  }

  /** One line each as key:value, so that the records spread over the partitions. */
  const keyed = (lines: readonly string[]): string => lines.map((line) => `key of ${line}:${line}\n`).join('');

  test(name('all of the input is committed, to several partitions, in one transaction or several'), async () => {
    const topic = await newTopic();
    const one = await kt(['produce', topic, '-K', ':', '--transactional-id', topic], keyed(values('one', 500)));
    assert.deepEqual([one.code, one.stdout], [0, '']);
    assert.match(one.stderr, /^500 records written to \S+ \(3 partitions/);
    const args = ['produce', topic, '-K', ':', '--transactional-id', topic, '--transaction-size', '100', '--report'];
    const several = await kt(args, keyed(values('several', 250)));
    assert.equal(several.code, 0, several.stderr);
    assert.equal(sortedLines(several.stdout).length, 250);
    const all = [...values('one', 500), ...values('several', 250)];
    await assertRead(topic, all, all);
  });

  test(name('a broken line aborts its transaction: nothing of it is committed, and that is said'), async () => {
    const topic = await newTopic();
    const lines = [...values('v', 25).map((value) => JSON.stringify({ value })), '{"value"', '{"value":"never"}'].join('\n');
    const all = await kt(['produce', topic, '-i', 'json', '--transactional-id', topic], lines);
    assert.equal(all.code, 2);
    assert.match(all.stderr, /^0 records written /m);
    assert.match(all.stderr, /^kt: transaction aborted: lines 1-25 not written$/m);
    assert.match(all.stderr, /^kt: line 26: not JSON/m);
    assert.deepEqual(await read(topic, 'read_committed'), []);
    const parts = await kt(['produce', topic, '-i', 'json', '--transactional-id', topic, '--transaction-size', '10'], lines);
    assert.equal(parts.code, 2);
    assert.match(parts.stderr, /^20 records written /m);
    assert.match(parts.stderr, /^kt: transaction aborted: lines 21-25 not written$/m);
    assert.deepEqual(await read(topic, 'read_committed'), values('v', 20).sort());
  });

  test(name('a record that is refused aborts the transaction: exit code 3, nothing reported as delivered'), async () => {
    const topic = await newTopic('--config', 'max.message.bytes=2000');
    const input = [...values('small', 30), 'x'.repeat(5_000), 'last'].join('\n');
    const result = await kt(['produce', topic, '--report', '--transactional-id', topic], input);
    assert.deepEqual([result.code, result.stdout], [3, '']);
    assert.match(result.stderr, /^kt: line 31: writing to /m);
    assert.match(result.stderr, /^0 records written /m);
    assert.match(result.stderr, /^kt: transaction aborted: lines 1-32 not written$/m);
    assert.deepEqual(await read(topic, 'read_committed'), []);
  });

  test(name('Ctrl-C in the middle shows nothing to readers of committed records, and blocks none'), async () => {
    const topic = await newTopic();
    const child = startKt(['produce', topic, '--transactional-id', topic], { program, env });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const sent = values('interrupted', 50);
    child.stdin.write(`${sent.join('\n')}\n`);
    while ((await read(topic, 'read_uncommitted')).length < sent.length);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    assert.equal(code, 130);
    assert.match(stderr, /^kt: interrupted after line 50 \(0 records written; transaction aborted: lines 1-50 not written\)$/m);
    assert.equal((await kt(['produce', topic, '-m', 'after'])).code, 0);
    await assertRead(topic, ['after'], [...sent, 'after']);
  });

  test(name('the second producer with an id fences the first, whose records are never committed'), async () => {
    const topic = await newTopic();
    const first = startKt(['produce', topic, '--transactional-id', topic], { program, env });
    let stderr = '';
    first.stderr.on('data', (text) => {
      stderr += text;
    });
    first.stdin.write('fenced-1\n');
    while ((await read(topic, 'read_uncommitted')).length < 1);
    const second = await kt(['produce', topic, '--transactional-id', topic], 'second\n');
    assert.equal(second.code, 0, second.stderr);
    // Its input stays open: it ends by itself.
    first.stdin.write('fenced-2\n');
    const [code] = await once(first, 'close');
    assert.equal(code, 3, stderr);
    assert.match(stderr, /another producer with this transactional id took over/);
    assert.match(stderr, /lines 1-2 not written/);
    await assertRead(topic, ['second'], ['fenced-1', 'second']);
  });
}

test('what contradicts a transaction is refused before anything is sent', async () => {
  for (const [args, message] of [
    [['--transaction-size', '5'], /--transaction-size without a transaction/],
    [['--transactional-id', 'a', '--acks', '1'], /--acks 1 with --transactional-id/],
    [['--transactional-id', 'a', '--transaction-size', '0'], /--transaction-size 0 \(must be at least 1\)/],
  ] as const) {
    const result = await runKt(['produce', 'orders', ...args]);
    assert.equal(result.code, 2);
    assert.match(result.stderr, message);
  }
});
