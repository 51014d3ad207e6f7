/** A topic whose old segments are only in tiered storage (KIP-405), with a broker that answers without records until it has read them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ownCluster } from '../support/clusters.ts';
import { kcatUnavailable, output } from '../support/foreign-clients.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { tieredStorageConfig, tieredStorageUnavailable } from '../support/tiered-storage.ts';
import { until } from '../support/until.ts';

const version = '4.3.1';
const skip = tieredStorageUnavailable(version);

describe('tiered storage', { skip: skip ?? false }, async () => {
  if (skip !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'kt-tiered-'));
  after(() => rmSync(folder, { recursive: true }));
  const cluster = await ownCluster({ after }, { kafkaVersion: version, serverConfig: tieredStorageConfig(version, folder) });
  const { run, done, newTopic } = ktOn(cluster, 'binary');
  // Segments of 1 MiB, the smallest there are: about ten of them.
  const configs = ['remote.storage.enable=true', 'segment.bytes=1048576', 'local.retention.ms=1', 'retention.ms=-1'];
  const topic = await newTopic('--partitions', '1', ...configs.flatMap((config) => ['--config', config]));
  const filler = 'x'.repeat(990);
  const values = numbers(1, 10_000).map((number) => `${number} ${filler}`);
  for (let from = 0; from < values.length; from += 500) await done(['produce', topic], asLines(values.slice(from, from + 500)));
  const offsetAt = async (at: string): Promise<number> =>
    JSON.parse(await done(['topics', 'offsets', topic, '--at', at, '-o', 'json']))[0].offset;
  await until(async () => (await offsetAt('earliest-local')) > 5_000, 'most segments are only remote');

  const numbersIn = (text: string) => linesOf(text).map((line) => line.split(' ')[0]!);
  const tail = async (...options: readonly string[]) => numbersIn(await done(['tail', topic, '-o', 'value', ...options]));

  test('all records come from the beginning, as for kcat', async () => {
    const ours = await tail('--from-beginning', '-e');
    assert.deepEqual(ours, numbers(1, 10_000));
    if (kcatUnavailable() !== undefined) return;
    const kcat = await output('kcat', ['-C', '-b', cluster.bootstrapServers, '-t', topic, '-o', 'beginning', '-e', '-q']);
    assert.deepEqual(numbersIn(kcat.toString()), ours);
  });

  test('every position reaches into what is only remote', async () => {
    assert.equal(await offsetAt('beginning'), 0);
    assert.ok((await offsetAt('latest-tiered')) >= (await offsetAt('earliest-local')) - 1);
    assert.deepEqual(await tail('--from', '1234', '-n', '3'), ['1235', '1236', '1237']);
    assert.deepEqual(await tail('--from', '-9000', '--to', '1003'), ['1001', '1002', '1003']);
    assert.deepEqual(await tail('--last', '8000'), numbers(2_001, 10_000));
    const [first] = linesOf(await done(['tail', topic, '--from', '3000', '-n', '1', '-f', '%T\n']));
    const [fromTime] = await tail('--from', `@${first}`, '-n', '1');
    // Several records may have that time.
    assert.ok(Number(fromTime) <= 3_001 && Number(fromTime) > 2_000, fromTime);
  });

  test('what a group has not read is there, and as old as it is', async () => {
    await done(['groups', 'reset-offsets', 'behind', '--topic', topic, '--to', '100', '--execute']);
    const [group] = JSON.parse(await done(['lag', 'behind', '--seconds', '-o', 'json']));
    assert.equal(group.lag, 9_900);
    assert.ok(group.partitions[0].lagSeconds > 0, JSON.stringify(group.partitions[0]));
    const peeked = await run(['groups', 'peek', 'behind', '-o', 'json']);
    // The next record comes between its neighbours.
    const offsets = linesOf(peeked.stdout).map((line) => JSON.parse(line).offset);
    assert.deepEqual([peeked.code, offsets.includes(99), offsets.includes(100)], [0, true, true], peeked.stderr);
  });
});
