/**
 * The long form of test/fault: a producer and three readers live through random outages of a cluster of three brokers. Every record has to
 * arrive once, and every program has to end by itself with 0.
 *
 *   npm run test:outages [count] [seed]
 */
import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { randomOf } from '../fuzz/random.ts';
import { ownCluster } from '../support/clusters.ts';
import { endings } from '../support/endings.ts';
import { followed } from '../support/followed.ts';
import { ktOn } from '../support/kt-on.ts';
import { holdable } from '../support/servers.ts';
import { until } from '../support/until.ts';

const count = Number(process.argv[2] ?? 20);
const seed = Number(process.argv[3] ?? randomInt(2 ** 31));
const random = randomOf(seed);
const below = (limit: number): number => Math.floor(random() * limit);
const [shortestMs, longestMs] = [1_000, 180_000];
const linesPerSecond = 200;
/** So long after the last outage everything has to be through. */
const patienceMs = 180_000;

const { during, end } = endings();
const cluster = await ownCluster(during, { brokers: 3 });
const brokers = [1, 2, 3];
const addresses = cluster.bootstrapServers.split(',');
const proxies = await Promise.all(addresses.map((address) => holdable(Number(address.split(':')[1]))));
const map = addresses.flatMap((address, index) => ['--address-map', `${address}=${proxies[index]!.address}`]);
const kt = ktOn({ bootstrapServers: proxies.map(({ address }) => address).join(',') }, 'binary');

/** What an outage does to the brokers that it hits, and how it ends. */
const ways = {
  stop: {
    begin: (id: number) => cluster.stopNode(id),
    end: (id: number) => cluster.startNode(id),
  },
  kill: {
    begin: (id: number) => cluster.killNode(id),
    end: (id: number) => cluster.startNode(id),
  },
  /** The network: what is open is reset, and what is opened stays silent. */
  cut: {
    async begin(id: number) {
      proxies[id - 1]!.hold();
      proxies[id - 1]!.cut();
    },
    async end(id: number) {
      proxies[id - 1]!.cut();
      proxies[id - 1]!.release();
    },
  },
  /** The network goes silent, and goes on where it was. */
  hold: {
    async begin(id: number) {
      proxies[id - 1]!.hold();
    },
    async end(id: number) {
      proxies[id - 1]!.release();
    },
  },
};

function oneOf<T>(items: readonly T[]): T {
  return items[below(items.length)]!;
}

try {
  console.log(`seed ${seed}, ${count} outages`);
  const topic = `outages-${randomUUID()}`;
  const direct = ktOn(cluster, 'binary');
  await direct.done(['topics', 'create', topic, '-p', '6', '-r', '3', '-c', 'min.insync.replicas=2']);
  const produce = ['produce', topic, ...map, '--delivery-timeout', '30m', '--partitioner', 'round-robin'];
  const { child: producer, ended } = kt.start(during, produce);
  const readers = [[], ['--merge'], ['--group', `group-${randomUUID()}`, '--commit']].map((words) =>
    followed(words.join(' '), kt.start(during, ['tail', topic, ...map, '--from-beginning', '-o', 'value', ...words])),
  );
  let written = 0;
  let stderr = '';
  producer.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const feeding = setInterval(() => {
    const lines = Array.from({ length: linesPerSecond / 10 }, () => `${++written}\n`);
    producer.stdin.write(lines.join(''));
  }, 100);
  for (let outage = 1; outage <= count; outage++) {
    const first = below(brokers.length);
    const hit = Array.from({ length: oneOf([1, 1, 2, 3]) }, (_, index) => brokers[(first + index) % brokers.length]!);
    const way = oneOf(Object.keys(ways) as (keyof typeof ways)[]);
    const ms = Math.round(shortestMs * (longestMs / shortestMs) ** random());
    console.log(
      `${outage}: ${way} of ${hit.join(', ')} for ${ms} ms; ${written} written, ${readers.map((each) => each.count())} read`,
    );
    await Promise.all(hit.map((id) => ways[way].begin(id)));
    await delay(ms);
    await Promise.all(hit.map((id) => ways[way].end(id)));
    await delay(below(10_000));
  }
  clearInterval(feeding);
  producer.stdin.end();
  await until(
    () => producer.exitCode !== null,
    () => `the producer to end\n${stderr}`,
    patienceMs,
  );
  assert.equal((await ended).code, 0, stderr);
  await until(
    () => readers.every((each) => each.count() >= written),
    () => `${written} records in every reader, of which ${readers.map((each) => each.count())} came`,
    patienceMs,
  );
  const all = Array.from({ length: written }, (_, index) => String(index + 1));
  for (const reader of readers) {
    assert.equal(await reader.end(), 130, reader.stderr());
    assert.deepEqual(
      reader.values().toSorted((a, b) => Number(a) - Number(b)),
      all,
      reader.stderr(),
    );
  }
  console.log(`${written} records, each once in ${readers.length} readers`);
} finally {
  for (const proxy of proxies) await proxy.close();
  await end();
}
