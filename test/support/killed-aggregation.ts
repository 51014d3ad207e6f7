/** An aggregation into a topic that is killed again and again while records flow: what it writes must be as if nothing had happened. */
import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type KtOn, keptForever } from './kt-on.ts';
import { orderLines, orders, revenueOf, revenueOptions } from './orders.ts';
import { until } from './until.ts';

export interface Plan {
  readonly records: number;
  readonly kills: number;
  /** How far apart records are, in their own time. */
  readonly stepMs: number;
  /** More than partitions can be apart, in the time of records: no record may be late. */
  readonly grace: string;
  /** For each topic, such as its replication. */
  readonly topicOptions?: readonly string[];
  /** Called in each round while records flow, before the aggregation is killed. */
  readonly disturb?: (round: number) => Promise<void>;
  readonly log?: (text: string) => void;
}

const windowMs = 30_000;

export async function aggregatedUnderKills(
  t: Pick<TestContext, 'after'>,
  kt: KtOn,
  { records, kills, stepMs, grace, topicOptions = [], disturb, log = () => {} }: Plan,
): Promise<void> {
  const topic = await kt.newTopic('-p', '3', ...keptForever, ...topicOptions);
  const name = `revenue-${randomUUID()}`;
  await kt.done(['topics', 'create', name, `${name}-undisturbed`, '-p', '3', ...keptForever, ...topicOptions]);
  for (const group of [name, `${name}-undisturbed`])
    await kt.done(['topics', 'create', `${group}-changelog`, '-p', '1', '--cleanup-policy', 'compact', ...topicOptions]);
  const options = ['--window', '30s', ...revenueOptions, '--grace', grace];
  const command = (into: string) => ['aggregate', topic, '--from-beginning', ...options, '--into', into, '--group', into];
  const all = orders(records, stepMs);
  const part = Math.ceil(records / kills);
  for (let round = 0; round < kills; round++) {
    const before = await endOf(kt, `${name}-changelog`);
    const aggregation = kt.start(t, command(name));
    const producing = kt.done(
      ['produce', topic, '-i', 'json', '--rate', `${Math.ceil(part / 3)}/s`],
      orderLines(all.slice(round * part, (round + 1) * part)),
    );
    await until(
      async () => aggregation.child.exitCode !== null || (await endOf(kt, `${name}-changelog`)) > before,
      'the aggregation commits',
      120_000,
    );
    assert.equal(aggregation.child.exitCode, null, (await Promise.race([aggregation.ended, delay(1_000)]))?.stderr);
    await disturb?.(round);
    await delay(randomInt(2_500));
    aggregation.child.kill('SIGKILL');
    await Promise.all([producing, once(aggregation.child, 'close')]);
    log(`killed ${round + 1} times, ${await endOf(kt, name)} results`);
  }
  await kt.done([...command(name), '-e']);
  await kt.done([...command(`${name}-undisturbed`), '-e']);
  const [disturbed, undisturbed] = [await rowsOf(kt, name), await rowsOf(kt, `${name}-undisturbed`)];
  assert.deepEqual(disturbed, undisturbed);
  assert.deepEqual(disturbed, revenueOf(all, windowMs));
}

/** The end offsets of all partitions together. */
async function endOf({ run }: KtOn, topic: string): Promise<number> {
  const { code, stdout } = await run(['topics', 'offsets', topic, '-o', 'json']);
  if (code !== 0) return -1;
  const partitions: { offset: number }[] = JSON.parse(stdout);
  return partitions.reduce((sum, { offset }) => sum + offset, 0);
}

interface Row {
  readonly windowEnd: number;
  readonly key: string;
}

/** All that was committed, duplicates included, in the order of windows. */
async function rowsOf({ values }: KtOn, topic: string): Promise<readonly Row[]> {
  const rows = (await values(topic)).map((line): Row => JSON.parse(line));
  return rows.sort((a, b) => a.windowEnd - b.windowEnd || (a.key < b.key ? -1 : 1));
}
