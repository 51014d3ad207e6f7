/** `kt pipe --exactly-once` whose processes are killed while records flow: each record is there once, in its order, as if nothing had happened. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { testClusters } from '../support/clusters.ts';
import { ktOn } from '../support/kt-on.ts';
import { assertSameContents, caughtUp, contentsOf, Pipes } from '../support/pipes.ts';

const records = 20_000;
const kills = 4;

describe('killed again and again, two processes of a pipe copy each record once', { concurrency: true }, async () => {
  for (const [index, cluster] of (await testClusters()).entries()) {
    test(cluster.version, async (t) => {
      const kt = ktOn(cluster, index === 0 ? 'node' : 'binary');
      const [source, copy, plain] = await Promise.all([1, 2, 3].map(() => kt.newTopic('-p', '4')));
      const group = `group-${randomUUID()}`;
      const pipes = new Pipes(kt, t, 2, [
        'pipe',
        source!,
        copy!,
        '--group',
        group,
        '--exactly-once',
        '--from-beginning',
        '--session-timeout',
        '2s',
      ]);
      const producing = kt.done([
        'produce',
        source!,
        '--count',
        String(records),
        '--rate',
        '2500/s',
        '--key-template',
        'user-{{int 1 500}}',
        '--header',
        'from=test',
        '-q',
      ]);
      for (let kill = 0; kill < kills; kill++) {
        await delay(1_500);
        await pipes.kill();
      }
      await producing;
      await caughtUp(kt, group, source!, 90_000);
      await pipes.stop();
      assert.equal(pipes.killed, kills);
      await kt.done(['pipe', source!, plain!, '--from-beginning', '-e']);
      const expected = await contentsOf(kt, plain!, records);
      assert.equal([...expected.values()].flat().length, records);
      assertSameContents(await contentsOf(kt, copy!, records), expected, 'the copy');
      assertSameContents(await contentsOf(kt, source!, records), expected, 'the source');
    });
  }
});
