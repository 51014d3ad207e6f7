/** Leaders that die at once: what was acknowledged is there exactly once and in order, and a follower prints it once. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { brokenCluster } from '../support/clusters.ts';
import { kcatUnavailable } from '../support/foreign-clients.ts';
import { type KtOn, ktOn } from '../support/kt-on.ts';
import { isLong } from '../support/long.ts';
import { checkNumbered, feedLines, NumberedCheck, numberedFormat, placeOf } from '../support/numbered-lines.ts';
import { until } from '../support/until.ts';

const cluster = await brokenCluster();
const kcat = kcatUnavailable();
const replicated = ['--replication-factor', '3', '--config', 'min.insync.replicas=2'] as const;

interface PartitionState {
  readonly leader: number;
  readonly isr: readonly number[];
}

async function partitionsOf({ run }: KtOn, topic: string): Promise<readonly PartitionState[]> {
  let described = '';
  // Right after a kill the first broker asked may be the dead one.
  await until(async () => {
    const { code, stdout } = await run(['topics', 'describe', topic, '-o', 'json']);
    described = stdout;
    return code === 0;
  }, `${topic} is described`);
  return JSON.parse(described)[0].partitions;
}

/** Waits until every replica follows again, so that enough are left after another kill. */
async function wholeAgain(kt: KtOn, topic: string): Promise<readonly PartitionState[]> {
  let partitions: readonly PartitionState[] = [];
  await until(async () => {
    partitions = await partitionsOf(kt, topic);
    return partitions.every(({ isr, leader }) => leader >= 0 && isr.length === 3);
  }, `${topic} is whole again`);
  return partitions;
}

interface Run {
  readonly topic: string;
  readonly lines: number;
  readonly kills: number;
  readonly options: readonly string[];
  /** Records that reached a reader so far. */
  readonly arrived: () => number;
}

/** Writes numbered lines at full speed, and kills a leader each time a further part of them begins to arrive; returns the reports. */
async function producedDuringKills(t: TestContext, kt: KtOn, { topic, lines, kills, options, arrived }: Run) {
  const { child, ended } = kt.start(t, ['produce', topic, ...options]);
  const reports = reportedPlaces(child.stdout, lines);
  const { stdin } = child;
  const part = Math.floor(lines / kills);
  for (let kill = 0; kill < kills; kill++) {
    const { leader } = (await wholeAgain(kt, topic))[kill]!;
    const [before, after] = [kill * part, kill === kills - 1 ? lines : (kill + 1) * part];
    const middle = Math.floor((before + after) / 2);
    const feeding = feedLines(stdin, before + 1, middle);
    await until(() => arrived() > before || child.exitCode !== null, 'more records arrive');
    // At full speed, but the second half only after the kill, so that it meets the dead leader.
    await cluster.killNode(leader);
    await feeding;
    await feedLines(stdin, middle + 1, after);
    await cluster.startNode(leader);
  }
  stdin.end();
  const { code, stderr } = await ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, new RegExp(`^${lines} records written to ${topic} \\(3 partitions, [^\n]*\n$`));
  return reports;
}

/** The place of each line from `--report -o json`; resolves at its end. */
async function reportedPlaces(stdout: Readable, lines: number): Promise<Float64Array> {
  const places = new Float64Array(lines + 1).fill(-1);
  for await (const text of createInterface(stdout)) {
    const { line, partition, offset } = JSON.parse(text);
    places[line] = placeOf(partition, offset);
  }
  return places;
}

for (const { program, lines, kills, options } of [
  { program: 'binary', lines: isLong ? 2_000_000 : 600_000, kills: 3, options: [] },
  {
    program: 'node',
    lines: isLong ? 500_000 : 200_000,
    kills: 1,
    options: ['--compression', 'zstd', '--report', '-o', 'json'],
  },
] as const) {
  test(`${program}: ${kills} leaders are killed while kt produces at full speed ${options.join(' ')}`, async (t) => {
    const kt = ktOn(cluster, program);
    const topic = await kt.newTopic('--partitions', '3', ...replicated);
    const follower = kt.start(t, ['tail', topic, '--from-beginning', '-f', numberedFormat]);
    const followed = new NumberedCheck(lines);
    void checkNumbered(follower.child.stdout, followed);
    const reported = await producedDuringKills(t, kt, { topic, lines, kills, options, arrived: () => followed.count });

    await t.test('each line is there once, in order in its partition', async (t) => {
      const read = new NumberedCheck(lines);
      const reader = kt.start(t, ['tail', topic, '--from-beginning', '-e', '-f', numberedFormat]);
      await Promise.all([checkNumbered(reader.child.stdout, read), reader.ended]);
      const { code, stderr } = await reader.ended;
      assert.deepEqual([read.problems, read.count, code], [[], lines, 0], stderr);
      if (options.length > 0) assert.deepEqual(reported, read.places);
    });
    await t.test('kcat reads the same', { skip: kcat }, async () => {
      const read = new NumberedCheck(lines);
      const args = ['-C', '-b', cluster.bootstrapServers, '-t', topic, '-o', 'beginning', '-e', '-q', '-f', numberedFormat];
      await checkNumbered(spawn('kcat', args, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout, read);
      assert.deepEqual([read.problems, read.count], [[], lines]);
    });
    await t.test('the follower printed each line once', async () => {
      await until(
        () => followed.count >= lines || follower.child.exitCode !== null,
        () => `all ${lines} lines, of which ${followed.count} came`,
        120_000,
      );
      follower.child.kill('SIGINT');
      const { code, stderr } = await follower.ended;
      assert.deepEqual([followed.problems, followed.count, code], [[], lines, 130], stderr);
    });
    await kt.done(['topics', 'delete', topic, '--yes']);
  });
}
