/** `kt tail` and whoever reads its pipe: a reader that goes, and one that stops reading. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { programs } from '../support/kt.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const { bootstrapServers } = (await testClusters()).at(-1)!;
const limits = { timeout: 240_000, skip: process.platform === 'linux' ? false : 'a reader that goes is seen on Linux' };
interface Committed {
  readonly committedOffset: number | null;
}

/** Whether one of the process's threads waits in the kernel for room in a pipe. */
function waitsForReader(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  return readdirSync(threads).some((thread) => /pipe_write/.test(readFileSync(join(threads, thread, 'wchan'), 'utf8')));
}

/** Far more than what is promised: the machine may be busy. Less than the 90 s after which the pipe's other end goes. */
const soonMs = 60_000;

for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
  const { done, newTopic } = ktOn({ bootstrapServers }, program);
  /** A shell's line in which `$@` is kt with these words; its streams are real pipes. */
  const shell = (line: string, ...words: string[]) =>
    spawn('bash', ['-c', line, 'sh', ...programs[program], ...words, '-b', bootstrapServers]);

  test(`${program}: kt tail | head -1 ends even if no other record comes`, limits, async () => {
    const topic = await newTopic();
    await done(['produce', topic], asLines(numbers(1, 1)));
    const child = shell('{ "$@"; echo "code $?" >&2; } | head -1', 'tail', topic, '--from-beginning');
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    await once(child, 'close', { signal: AbortSignal.timeout(soonMs) });
    assert.deepEqual([linesOf(Buffer.concat(chunks)), stderr], [['1'], 'code 0\n']);
  });

  for (const [signal, code] of [
    ['TERM', 143],
    ['INT', 130],
  ] as const) {
    test(
      `${program}: SIG${signal} ends kt though nobody reads its full pipe; what was not taken is not committed`,
      limits,
      async () => {
        const topic = await newTopic('--partitions', '1');
        const group = `group-${randomUUID()}`;
        const line = 'x'.repeat(999);
        await done(['produce', topic], asLines(Array.from({ length: 5_000 }, () => line)));
        // Job control, for a job in the background to listen to SIGINT.
        const child = shell(
          'set -m; "$@" > >(exec > /dev/null 2>&1; sleep 90) & kt=$!; echo $kt; while read -r word; do kill -s "$word" $kt; wait $kt; echo "code $?"; done',
          ...['tail', topic, '--group', group, '--commit', '--from-beginning'],
        );
        try {
          const committed = async () =>
            JSON.parse(await done(['lag', '--all', '-o', 'json'])).find((each: { group: string }) => each.group === group);
          const [pid] = await once(child.stdout, 'data');
          await until(() => waitsForReader(Number(pid)), 'the pipe is full');
          // The first commit is that of the beginning.
          await until(
            async () => (await committed())?.partitions?.some(({ committedOffset }: Committed) => committedOffset !== null),
            'the group has its place',
          );
          const startedAt = performance.now();
          child.stdin.write(`${signal}\n`);
          const [answer] = await once(child.stdout, 'data', { signal: AbortSignal.timeout(soonMs) });
          assert.match(String(answer), new RegExp(`code ${code}`));
          assert.ok(performance.now() - startedAt < soonMs);
          const { state, partitions } = await committed();
          assert.equal(state, 'Empty', 'it left its group');
          assert.ok(partitions[0].committedOffset <= 66, 'no more than a pipe takes');
        } finally {
          child.kill('SIGKILL');
        }
      },
    );
  }
}
