/** A disk that fails under one of a broker's log directories: what is lost with it is reported, what is left keeps working. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownCluster } from '../support/clusters.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

/** How often a directory's id stands in the metadata log: with its broker, and with each partition that is in it. */
function mentions(directory: string, metadataDirectory: string): number {
  const text = readFileSync(join(directory, 'meta.properties'), 'utf8');
  const id = Buffer.from(/^directory.id=(.*)$/m.exec(text)![1]!, 'base64url').toString('latin1');
  const log = join(metadataDirectory, '__cluster_metadata-0');
  const files = readdirSync(log).filter((name) => name.endsWith('.log'));
  return files.reduce((sum, name) => sum + readFileSync(join(log, name), 'latin1').split(id).length - 1, 0);
}

test('a log directory that is offline fails the health check, with the partitions that were on it', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'kt-log-dirs-'));
  const [kept, failed] = [join(root, 'kept'), join(root, 'failed')];
  const cluster = await ownCluster(t, {
    kafkaVersion: '4.3.1',
    serverConfig: { 'log.dirs': `${kept},${failed}`, 'metadata.log.dir': kept },
  });
  t.after(() => rmSync(root, { recursive: true }));
  const { run, done, newTopic } = ktOn(cluster, 'binary');
  const before = mentions(failed, kept);
  const topic = await newTopic('--partitions', '4');
  await done(['cluster', 'health', '--wait', '20s']);
  // Only partitions whose directory the controller was told of are taken offline with it (KIP-858).
  await until(() => {
    const logs = readdirSync(failed).filter((name) => name.startsWith(`${topic}-`));
    return logs.length > 0 && mentions(failed, kept) >= before + logs.length;
  }, 'the controller knows which partitions are in the directory');

  renameSync(failed, `${failed}-disk`);
  writeFileSync(failed, '');
  // Creating new logs makes the broker notice.
  await newTopic('--partitions', '4');
  const health = async () => {
    const { code, stdout, stderr } = await run(['cluster', 'health', '-o', 'json']);
    const { checks } = JSON.parse(stdout) as { checks: { check: string; items: object[] }[] };
    return { code, stderr, items: new Map(checks.map(({ check, items }) => [check, items])) };
  };
  const lostPartitions = (items: Map<string, object[]>) =>
    (items.get('offline-partitions') as { topic: string; partition: number }[])
      .filter((each) => each.topic === topic)
      .map(({ partition }) => partition);
  // The broker reports the directory before the controller has taken its partitions offline.
  await until(async () => {
    const { items } = await health();
    return items.get('log-dirs')!.length > 0 && lostPartitions(items).length > 0;
  }, 'the broker notices, and the controller hears of it');

  const { code, stderr, items } = await health();
  assert.equal(code, 1);
  assert.deepEqual(items.get('log-dirs'), [
    { broker: 1, logDir: failed, reason: 'offline', totalBytes: null, usableBytes: null },
  ]);
  const lost = lostPartitions(items);
  assert.ok(stderr.includes(`log directories offline or full: 1 (${failed} of broker 1: offline)`), stderr);

  const dirs = await run(['cluster', 'log-dirs']);
  assert.equal(dirs.code, 3);
  assert.ok(dirs.stderr.includes(`log directory ${failed} of broker 1 (it is offline: its disk failed)`), dirs.stderr);
  const whole = [0, 1, 2, 3].find((partition) => !lost.includes(partition))!;
  await done(['produce', topic, '--partition', String(whole)], 'goes on\n');
});
