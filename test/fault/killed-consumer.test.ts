/** A consumer that is killed: what it had not written out comes again, and nothing is skipped. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { kt, startKt } from '../support/kt.ts';

const clusters = await testClusters();
const count = 60_000;

function numbers(text: string): string[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ')[0]!);
}

// At the same time: the group waits 45 s for the dead member, as it does in Java.
describe('killed in the middle, the next run repeats what was not written out and skips nothing', { concurrency: true }, () => {
  for (const [index, { version, bootstrapServers }] of clusters.entries()) {
    const program = index % 2 === 0 ? 'binary' : 'node';
    test(`${version}, ${program}`, async () => {
      const options = { program, env: { KT_BOOTSTRAP_SERVER: bootstrapServers } } as const;
      const topic = `killed-${randomUUID()}`;
      const reading = ['tail', topic, '--group', `group-${randomUUID()}`, '--commit', '--from-beginning', '-o', 'value'];
      await kt(['topics', 'create', topic, '--partitions', '3'], options);
      const stdin = Array.from({ length: count }, (_, n) => `${n} ${'x'.repeat(100)}\n`).join('');
      await kt(['produce', topic], { ...options, stdin });

      const child = startKt(reading, options);
      const chunks: Buffer[] = [];
      let bytes = 0;
      // kt has fetched far more than it printed. Its stdout is read to the end: what stdout accepted counts as written out.
      for await (const chunk of child.stdout) {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > 2_500_000) child.kill('SIGKILL');
      }
      const seen = new Set(numbers(Buffer.concat(chunks).toString()));
      assert.ok(seen.size < count);

      const rest = await kt([...reading, '-e'], options);
      assert.equal(rest.code, 0, rest.stderr);
      for (const number of numbers(rest.stdout)) seen.add(number);
      assert.equal(seen.size, count);
    });
  }
});
