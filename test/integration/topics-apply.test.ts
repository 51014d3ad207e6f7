/** `kt topics apply` and `export` on real Kafkas, the result looked at with Kafka's own kafka-topics and kafka-configs. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ownCluster, testClusters } from '../support/clusters.ts';
import { kafkaTools, printedConfigs } from '../support/kafka-tools.ts';
import { ktOn } from '../support/kt-on.ts';
import { until, untilEqual } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-apply-'));
after(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, `${randomUUID()}.yaml`);
  writeFileSync(path, text);
  return path;
}

interface Applied {
  readonly topic: string;
  readonly action: string;
  readonly status: string;
  readonly changes: readonly { readonly name: string; readonly before: string | null; readonly after: string | null }[];
}

for (const cluster of await testClusters()) {
  describe(`topics apply on Kafka ${cluster.version}`, { concurrency: true }, () => {
    const { run, done } = ktOn(cluster);
    const kafka = kafkaTools(cluster);
    /** The outcomes for the topics in the file; the cluster's other topics belong to other tests. */
    const apply = async (path: string, ...options: readonly string[]): Promise<readonly Applied[]> =>
      JSON.parse(await done(['topics', 'apply', '-f', path, ...options, '-o', 'json'])).filter(
        ({ action }: Applied) => action !== 'unmanaged',
      );
    const statuses = (applied: readonly Applied[]) => applied.map(({ action, status }) => `${action} ${status}`);
    const described = async (topic: string) => {
      const [text, configs] = await Promise.all([
        kafka.topics('--describe', '--topic', topic),
        kafka.configs('--entity-type', 'topics', '--entity-name', topic, '--describe'),
      ]);
      return { partitions: /PartitionCount: (\d+)/.exec(text)?.[1], configs: printedConfigs(configs) };
    };

    test('topics become what a file says; applied again nothing changes; drift is exit code 1', async () => {
      const base = `apply-${randomUUID()}`;
      const text = `topics:\n  - name: ${base}-a\n    partitions: 2\n    replicationFactor: 1\n    configs:\n      retention.ms: 7d\n      cleanup.policy: [compact, delete]\n  - name: ${base}-b\n`;
      const path = file(text);
      const missing = await run(['topics', 'apply', '-f', path, '--check']);
      assert.equal(missing.code, 1);
      assert.match(missing.stdout, new RegExp(`\\+ create +${base}-a +retention.ms +- +604800000 \\(7d\\) +planned`));
      assert.match(missing.stderr, new RegExp(`kt: 2 topics differ from the files: ${base}-a, ${base}-b\n`));
      assert.deepEqual(statuses(await apply(path, '--dry-run')), ['create valid', 'create valid']);
      assert.deepEqual(JSON.parse(await done(['topics', 'list', `${base}*`, '-o', 'json'])), []);

      assert.deepEqual(statuses(await apply(path)), ['create applied', 'create applied']);
      assert.deepEqual(await described(`${base}-a`), {
        partitions: '2',
        configs: { 'retention.ms': '604800000', 'cleanup.policy': 'compact,delete' },
      });
      assert.deepEqual(statuses(await apply(path)), ['none unchanged', 'none unchanged']);
      assert.deepEqual(statuses(await apply(path, '--check')), ['none unchanged', 'none unchanged']);

      await kafka.configs(
        ...['--entity-type', 'topics', '--entity-name', `${base}-a`, '--alter'],
        ...['--add-config', 'retention.ms=5,flush.ms=9'],
      );
      await until(async () => (await described(`${base}-a`)).configs['flush.ms'] === '9', 'the broker knows it');
      const drifted = await run(['topics', 'apply', '-f', path, '--check', '-o', 'json']);
      assert.equal(drifted.code, 1);
      const [first] = JSON.parse(drifted.stdout).filter(({ topic }: Applied) => topic === `${base}-a`);
      assert.deepEqual([first.changes.length, first.changes[0].before, first.changes[0].after], [1, '5', '604800000']);
      assert.deepEqual(first.unmanaged, { 'flush.ms': '9' });
      const more = await run(['topics', 'apply', '-f', file(text.replace('partitions: 2', 'partitions: 4'))]);
      assert.equal(more.code, 0, more.stderr);
      assert.match(more.stderr, /keyed records may now go to another partition/);
      assert.deepEqual(await described(`${base}-a`), {
        partitions: '4',
        configs: { 'retention.ms': '604800000', 'cleanup.policy': 'compact,delete', 'flush.ms': '9' },
      });
    });

    test('partitions are never removed, and the other topics are still created', async () => {
      const base = `apply-${randomUUID()}`;
      await done(['topics', 'create', `${base}-a`, '--partitions', '3']);
      const path = file(`topics:\n  - {name: ${base}-a, partitions: 1, configs: {flush.ms: 5}}\n  - {name: ${base}-b}\n`);
      const { code, stdout, stderr } = await run(['topics', 'apply', '-f', path]);
      assert.equal(code, 3);
      assert.match(stdout, new RegExp(`~ change +${base}-a +partitions +3 +1 +failed`));
      assert.match(stdout, new RegExp(`\\+ create +${base}-b .*applied`));
      assert.match(stderr, /it already has 3 partitions, more than 1/);
      assert.deepEqual(await described(`${base}-a`), { partitions: '3', configs: {} });
      assert.equal((await run(['topics', 'apply', '-f', path, '--check'])).code, 1);
    });

    test("the broker's reason for refusing a topic is shown, with the config that was probably meant", async () => {
      const topic = `apply-${randomUUID()}`;
      const path = file(`topics:\n  - {name: ${topic}, configs: {retention.mss: 5}}\n`);
      const { code, stderr } = await run(['topics', 'apply', '-f', path, '--dry-run']);
      assert.equal(code, 3);
      assert.match(stderr, /Unknown topic config name: retention\.mss\)\nhint: did you mean retention\.ms/);
    });

    test('what is exported is as it is, and from stdin it changes nothing', async () => {
      const base = `apply-${randomUUID()}`;
      await done(['topics', 'create', `${base}-a`, '-p', '3', '--retention', '7d', '--config', 'max.message.bytes=1MiB']);
      await done(['topics', 'create', `${base}-b`, '-p', '1', '--cleanup-policy', 'compact,delete']);
      const text = await done(['topics', 'export', `${base}*`]);
      assert.equal(
        text,
        `topics:\n  - name: ${base}-a\n    partitions: 3\n    replicationFactor: 1\n    configs:\n      max.message.bytes: 1MiB\n      retention.ms: 7d\n` +
          `  - name: ${base}-b\n    partitions: 1\n    replicationFactor: 1\n    configs:\n      cleanup.policy: "compact,delete"\n`,
      );
      await done(['topics', 'apply', '-f', '-', '--check'], text);
      const missing = await run(['topics', 'export', `${base}-c`]);
      assert.deepEqual([missing.code, missing.stdout], [3, '']);
    });

    test('a file that is wrong is refused with its line, before any broker is asked', async () => {
      const path = file('topics:\n  - name: fine\n  - name: orders\n    partition: 3\n');
      const { code, stdout, stderr } = await run(['topics', 'apply', '-f', path, '-b', '127.0.0.1:1']);
      assert.deepEqual([code, stdout], [2, '']);
      assert.equal(stderr, `kt: ${path}, line 4: a topic: unknown key 'partition'\nhint: did you mean partitions?\n`);
    });
  });
}

test('a cluster is pruned to what files say, after a confirmation only', async (t) => {
  const cluster = await ownCluster(t, {});
  const { run, done } = ktOn(cluster);
  const kafka = kafkaTools({ ...cluster, classpath: cluster.classpath! });
  await done(['topics', 'create', 'kept', '--retention', '1d', '--config', 'flush.ms=5']);
  await done(['topics', 'create', 'stray', '--partitions', '2']);
  await done(['produce', 'stray', '-m', 'a', '-m', 'b']);
  const path = file('topics:\n  - name: kept\n    configs: {retention.ms: 1d}\n  - name: new\n');
  const asked = await run(['topics', 'apply', '-f', path, '--prune']);
  assert.deepEqual([asked.code, asked.stdout], [2, '']);
  assert.match(
    asked.stderr,
    /stray: 2 partitions, 2 records\nkept: flush\.ms=5\nkt: Delete 1 topic with all records and 1 config on localhost:\d+ \(KT_BOOTSTRAP_SERVER\)\?/,
  );
  assert.deepEqual((await kafka.topics('--list')).trim().split('\n'), ['kept', 'stray']);
  const left = await done(['topics', 'apply', '-f', path, '--dry-run']);
  assert.match(left, /\? unmanaged +stray/);

  const { code, stdout, stderr } = await run(['topics', 'apply', '-f', path, '--prune', '--yes']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /- delete +stray .*applied/);
  assert.match(stdout, /~ change +kept +flush\.ms +5 \(5ms\) +\(default\) +applied/);
  await untilEqual(async () => (await kafka.topics('--list')).trim().split('\n'), ['kept', 'new']);
  const configs = printedConfigs(await kafka.configs('--entity-type', 'topics', '--entity-name', 'kept', '--describe'));
  assert.deepEqual(configs, { 'retention.ms': '86400000' });
  await done(['topics', 'apply', '-f', path, '--prune', '--check']);
});
