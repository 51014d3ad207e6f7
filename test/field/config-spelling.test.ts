/** Configs in another spelling than the broker's own: `0.50` for 0.5, as files that people wrote have them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { ktOn } from '../support/kt-on.ts';

const spelt = {
  'min.cleanable.dirty.ratio': ['0.50', '0.5'],
  'unclean.leader.election.enable': ['TRUE', 'true'],
  preallocate: ['False', 'false'],
  'max.message.bytes': ['01048576', '1048576'],
  'segment.ms': ['+86400000', '86400000'],
  'cleanup.policy': ['delete , compact', 'delete,compact'],
} as const;

for (const cluster of await testClusters()) {
  describe(`config spelling on Kafka ${cluster.version}`, () => {
    const { run, done } = ktOn(cluster);
    const topic = `topic-${randomUUID()}`;
    const file = join(tmpdir(), `${topic}.yaml`);
    const configs = Object.entries(spelt).map(([name, [text]]) => `      ${name}: "${text}"\n`);
    writeFileSync(file, `topics:\n  - name: ${topic}\n    partitions: 1\n    configs:\n${configs.join('')}`);

    test('a file that was applied leaves nothing to apply, however its values are spelt', async () => {
      await done(['topics', 'apply', '-f', file]);
      const check = await run(['topics', 'apply', '-f', file, '--check', '-o', 'json']);
      assert.equal(check.code, 0, check.stderr);
      const again = JSON.parse(await done(['topics', 'apply', '-f', file, '-o', 'json']));
      const outcome = again.find((each: { topic: string }) => each.topic === topic);
      assert.deepEqual([outcome.status, outcome.changes], ['unchanged', []]);
      // Existing clusters have values that were set in the other spelling.
      for (const [name, [, shown]] of Object.entries(spelt))
        await done(['topics', 'alter', topic, '--config', `${name}=${shown}`]);
      assert.equal((await run(['topics', 'apply', '-f', file, '--check'])).code, 0);
    });

    test('altered or created once more with the same values, nothing differs', async () => {
      const words = Object.entries(spelt).flatMap(([name, [text]]) => ['--config', `${name}=${text}`]);
      await done(['topics', 'create', topic, '--if-not-exists', ...words]);
      const created = await run(['topics', 'create', topic, '--if-not-exists', ...words]);
      assert.deepEqual([created.code, created.stderr], [0, '']);
      await done(['topics', 'alter', topic, ...words]);
      const [altered] = JSON.parse(await done(['topics', 'alter', topic, ...words, '-o', 'json']));
      assert.equal(altered.status, 'unchanged');
      for (const { name, before, after } of altered.changes) assert.equal(after, before, name);
      const other = await run(['topics', 'create', topic, '--if-not-exists', '--config', 'min.cleanable.dirty.ratio=0.6']);
      assert.match(other.stderr, /min\.cleanable\.dirty\.ratio is 0\.5, not 0\.6/);
    });

    test("a broker's name for a config of topics leads to the one of topics, a list in brackets to one without", async () => {
      const create = (config: string) => run(['topics', 'create', `topic-${randomUUID()}`, '--dry-run', '--config', config]);
      const other = await create('log.retention.ms=-1');
      assert.deepEqual([other.code, /did you mean retention\.ms/.test(other.stderr)], [3, true], other.stderr);
      const list = await create('cleanup.policy=[compact,delete]');
      if (list.code !== 0) assert.match(list.stderr, /without brackets: cleanup\.policy=compact,delete/);
    });

    test('-2 for local retention is told as what it means', async () => {
      const all = await done(['topics', 'describe', topic, '--configs', 'all']);
      assert.match(all, /local\.retention\.ms +-2 \(as retention\.ms\)/);
      assert.match(all, /local\.retention\.bytes +-2 \(as retention\.bytes\)/);
    });

    test('what is shown as set on a broker is what the broker has by then', async () => {
      for (const threads of [2, 1, 2, 1]) {
        const line = ['configs', 'alter', 'broker', '1', '--config', `log.cleaner.threads=${threads}`, '-o', 'json'];
        const [altered] = JSON.parse(await done(line));
        assert.equal(altered.changes[0].after, String(threads));
        const [described] = JSON.parse(await done(['configs', 'describe', 'broker', '1', '-o', 'json']));
        assert.equal(described.configs['log.cleaner.threads'].value, String(threads));
      }
      await done(['configs', 'alter', 'broker', '1', '--delete-config', 'log.cleaner.threads']);
    });
  });
}
