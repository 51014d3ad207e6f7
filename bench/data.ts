/** The records that are read and written: different JSON values, about as compressible as real ones, as files of lines and as topics. */
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { BenchCluster } from './cluster.ts';
import { kt, untimed } from './programs.ts';
import { base, type Shape } from './shape.ts';
import { workDirectory } from './work.ts';

const events = ['user.signup', 'user.login', 'user.logout', 'order.created', 'order.paid', 'order.shipped', 'cart.changed'];
const words =
  'account active address amount basket billing blue browser city class country currency customer delivery device discount email express first free gift green gross invoice item language last market mobile month monthly name newsletter number online order package page payment phone price priority product quantity red region return sale search second session shop size source standard status store street tax total trial type update user version visit weekly yearly zone'.split(
    ' ',
  );

/** Random numbers below a bound, the same in each run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function value(index: number, bytes: number): string {
  const random = randomNumbers(index);
  const event = events[random(events.length)];
  let text = `{"user_id":"${userId(index)}","event":"${event}","at":${1_700_000_000_000 + index},"note":"`;
  while (text.length < bytes - 2) text += random(16) === 0 ? `${random(100_000)} ` : `${words[random(words.length)]} `;
  return `${text.slice(0, bytes - 2)}"}`;
}

/** The key of a record, and the `user_id` in its value. */
export function userId(index: number): string {
  return `user-${String((Math.imul(index + 1, 0x9e3779b1) >>> 0) % 1e9).padStart(9, '0')}`;
}

/** With a header and a key, as Kafka's console producer takes them. */
function fullRecord(index: number): string {
  return `trace-id:${index.toString(16).padStart(16, '0')}\t${userId(index)}\t${value(index, base.valueBytes)}`;
}

async function linesFile(name: string, count: number, line: (index: number) => string): Promise<string> {
  const file = join(workDirectory, `${name}-${count}.txt`);
  if (existsSync(file)) return file;
  const out = createWriteStream(file);
  const chunk = 1000;
  for (let from = 0; from < count; from += chunk) {
    const lines = Array.from({ length: Math.min(chunk, count - from) }, (_, index) => `${line(from + index)}\n`);
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return file;
}

/** An order as a JSON line with its time: ten a second, from five categories. */
function timedOrder(index: number): string {
  const random = randomNumbers(index);
  const category = ['books', 'games', 'garden', 'music', 'toys'][random(5)];
  const order = { id: index, user_id: 1_000 + random(500), category, total: random(4_000) / 4 };
  return JSON.stringify({
    key: String(order.user_id),
    value: JSON.stringify(order),
    timestamp: 1_790_000_040_000 + index * 100,
  });
}

/** A file with this many values, one per line. */
export function valuesFile(count: number, bytes = base.valueBytes): Promise<string> {
  return linesFile(`values-${bytes}`, count, (index) => value(index, bytes));
}

/** An order event as shops send it, ten fields. */
function orderEvent(index: number): string {
  const random = randomNumbers(index);
  return JSON.stringify({
    id: 1_000_000 + index,
    customer: userId(index),
    email: `${words[random(words.length)]}.${random(100_000)}@example.com`,
    amount: random(100_000) / 100,
    items: random(9),
    gift: random(2) === 0,
    coupon: random(3) === 0 ? `SPRING-${random(100)}` : null,
    at: new Date(1_700_000_000_000 + index).toISOString(),
    status: ['NEW', 'PAID', 'SENT'][random(3)],
    tags: ['web', words[random(words.length)]],
  });
}

/** A file with this many orders as JSON, one per line. */
export function orderLines(count: number): Promise<string> {
  return linesFile('order-events', count, orderEvent);
}

/** A topic with a replica of each partition on each broker. */
export async function createTopic(
  { bootstrapServers, brokers }: BenchCluster,
  topic: string,
  partitions = base.partitions,
  ...options: readonly string[]
) {
  const counts = ['--partitions', String(partitions), '--replication-factor', String(brokers)];
  await kt('-b', bootstrapServers, 'topics', 'create', topic, ...counts, ...options);
}

/** A topic with values only, written by Kafka's own producer, so its batches are like those of real topics. */
export async function valuesTopic(cluster: BenchCluster, topic: string, count: number, shape: Shape = base): Promise<void> {
  await createTopic(cluster, topic, shape.partitions);
  const compressed = ['--compression-codec', shape.codec];
  await untimed(
    cluster.kafkaTool('kafka-console-producer', '--topic', topic, ...compressed),
    await valuesFile(count, shape.valueBytes),
  );
}

/** The topics that rows share, by their cluster. */
const written = new WeakMap<BenchCluster, Set<string>>();

/** Writes a topic unless a row of this cluster did. */
async function writeOnce(cluster: BenchCluster, topic: string, write: () => Promise<void>): Promise<void> {
  const topics = written.get(cluster) ?? new Set();
  if (topics.has(topic)) return;
  await write();
  written.set(cluster, topics.add(topic));
}

/** The topic of records with key, header and value, which rows of a cluster share. */
export const fullTopic = 'bench-full';

/** Writes it unless an earlier row did. */
export function writeFullTopic(cluster: BenchCluster, count: number): Promise<void> {
  return writeOnce(cluster, fullTopic, async () => {
    await createTopic(cluster, fullTopic);
    const reader = ['parse.key=true', 'parse.headers=true'].flatMap((property) => ['--reader-property', property]);
    await untimed(
      cluster.kafkaTool('kafka-console-producer', '--topic', fullTopic, ...reader),
      await linesFile('full', count, fullRecord),
    );
  });
}

/** The topic of orders, which keeps their old times; rows of a cluster share it. */
export const ordersTopic = 'bench-orders';

/** Writes it unless an earlier row did. */
export function writeOrders(cluster: BenchCluster, count: number): Promise<void> {
  return writeOnce(cluster, ordersTopic, async () => {
    await createTopic(cluster, ordersTopic, base.partitions, '--retention', 'forever');
    const file = await linesFile('timed-orders', count, timedOrder);
    const how = ['-i', 'json', '--compression', 'snappy', '--file', file];
    await kt('-b', cluster.bootstrapServers, 'produce', ordersTopic, ...how);
  });
}

interface Keyed {
  /** Of each value. */
  readonly bytes: number;
  readonly partitions: number;
}

/** A topic of records with key and value. */
export async function keyedTopic(
  cluster: BenchCluster,
  topic: string,
  count: number,
  { bytes, partitions }: Keyed,
): Promise<void> {
  await createTopic(cluster, topic, partitions);
  const file = await linesFile(`keyed-${bytes}`, count, (index) => `${userId(index)}\t${value(index, bytes)}`);
  await untimed(cluster.kafkaTool('kafka-console-producer', '--topic', topic, '--reader-property', 'parse.key=true'), file);
}
