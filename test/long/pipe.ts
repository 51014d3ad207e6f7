/**
 * The long form of test/fault/pipe-killed.test.ts, on the oldest and the newest Kafka: `kt pipe --exactly-once` on three brokers, whose processes
 * are killed 20 times, and brokers 3 times, while 200,000 records flow. One, two and three processes have to give what an undisturbed one gives,
 * as members by either group protocol.
 *
 *   npm run test:pipe [records] [kills] [version/protocol…]
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ownCluster } from '../support/clusters.ts';
import { endings } from '../support/endings.ts';
import { ktOn } from '../support/kt-on.ts';
import { assertSameContents, caughtUp, contentsOf, Pipes } from '../support/pipes.ts';
import { until } from '../support/until.ts';

const records = Number(process.argv[2] ?? 200_000);
const kills = Number(process.argv[3] ?? 20);
const cases = process.argv.length > 4 ? process.argv.slice(4) : ['3.7.0/classic', '4.3.1/classic', '4.3.1/consumer'];
const brokerKills = 3;
const patienceMs = 300_000;
const everyMs = 3_000;
const settleMs = 10_000;
/** A member has its session timeout by the classic protocol from its own words, and by the consumer protocol (KIP-848) from the broker. */
const sessions: Readonly<Record<string, { readonly words: readonly string[]; readonly serverConfig: Record<string, string> }>> =
  {
    classic: { words: ['--session-timeout', '6s'], serverConfig: {} },
    consumer: {
      words: [],
      serverConfig: {
        'group.consumer.session.timeout.ms': '6000',
        'group.consumer.min.session.timeout.ms': '6000',
        'group.consumer.heartbeat.interval.ms': '2000',
        'group.consumer.min.heartbeat.interval.ms': '2000',
      },
    },
  };

async function run(name: string, during: { after(end: () => unknown): void }): Promise<void> {
  const [version = '', protocol = 'classic'] = name.split('/');
  const { words, serverConfig } = sessions[protocol]!;
  const cluster = await ownCluster(during, { kafkaVersion: version, brokers: 3, serverConfig });
  const kt = ktOn(cluster, 'binary');
  const topics = await Promise.all([1, 2, 3, 4, 5].map(() => kt.newTopic('-p', '6', '-r', '3', '-c', 'min.insync.replicas=2')));
  const [source, plain, ...copies] = topics as [string, string, ...string[]];
  // Kafka 3.7.0 cannot start again when it is killed while it makes partitions: those of its own topics are made first.
  await kt.done(['produce', await kt.newTopic(), '-m', 'first', '--transactional-id', 'first', '-q']);
  await delay(settleMs);
  const pipes = copies.map((copy, index) => {
    const group = `group-${randomUUID()}`;
    const args = ['pipe', source, copy, '--group', group, '--exactly-once', '--from-beginning', ...words];
    return { copy, group, processes: index + 1, running: new Pipes(kt, during, index + 1, args) };
  });
  const perSecond = Math.ceil((records * 1000) / (kills * everyMs));
  const producing = kt.done([
    'produce',
    source,
    '--count',
    String(records),
    '--rate',
    `${perSecond}/s`,
    '--key-template',
    'user-{{int 1 5000}}',
    '--header',
    'from=test',
    '-q',
    '--delivery-timeout',
    '10m',
  ]);
  for (let kill = 1; kill <= kills; kill++) {
    await delay(everyMs);
    for (const { running } of pipes) await running.kill();
    console.log(`${name}: ${kill} of ${kills} kills`);
    if (kill % Math.ceil(kills / brokerKills) !== 4) continue;
    const broker = 1 + (Math.floor((kill * brokerKills) / kills) % 3);
    await cluster.killNode(broker);
    await delay(everyMs);
    await cluster.startNode(broker);
    console.log(`${name}: broker ${broker} was killed and is back`);
  }
  for (const { group } of pipes) {
    const listed = ['groups', 'list', group, '--type', protocol, '-o', 'name'];
    await until(async () => (await kt.run(listed)).stdout.trim() === group, `${group} is a ${protocol} group`);
  }
  await producing;
  await kt.done(['pipe', source, plain, '--from-beginning', '-e']);
  const expected = await contentsOf(kt, plain, records);
  assert.equal([...expected.values()].flat().length, records);
  for (const { copy, group, processes, running } of pipes) {
    await caughtUp(kt, group, source, patienceMs);
    await running.stop();
    assertSameContents(await contentsOf(kt, copy, records), expected, `${name}, ${processes} processes`);
    console.log(
      `${name}: ${processes} process${processes === 1 ? '' : 'es'}, killed ${running.killed} times: ${records} records, each once and in its order`,
    );
  }
}

for (const name of cases) {
  const { during, end } = endings();
  try {
    await run(name, during);
  } finally {
    await end();
  }
}
