/** The binary is built to compile late, for short commands: long ones must not notice. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { programs } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';

const root = join(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'kt-long-'));
after(() => rmSync(directory, { recursive: true }));

const records = 400_000;
const file = join(directory, 'lines.txt');
writeFileSync(file, Array.from({ length: records }, (_, index) => `{"id":${index},"note":"${'x'.repeat(70)}"}\n`).join(''));

/** Seconds of CPU that a program takes: the best of a few runs, since the machine may be busy. */
function cpuOf(program: string, args: readonly string[]): number {
  const runs = Array.from({ length: 3 }, () => {
    const timing = ['-c', 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1 || exit 1', 'bash', program, ...args];
    const { status, stderr } = spawnSync('bash', timing, { encoding: 'utf8' });
    assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
    return stderr
      .trim()
      .split(' ')
      .map(Number)
      .reduce((sum, seconds) => sum + seconds);
  });
  return Math.min(...runs);
}

test('records are written and read for no more CPU than by a runtime that compiles at once', async () => {
  const [cluster] = await testClusters();
  const { newTopic } = ktOn(cluster!);
  const topic = await newTopic('--partitions', '3');
  const bun = join(root, 'node_modules/bun/bin/bun.exe');
  const servers = ['-b', cluster!.bootstrapServers];
  for (const args of [
    ['produce', topic, '-q', '--file', file, ...servers],
    ['tail', topic, '--from-beginning', '-n', String(1.5 * records), ...servers],
  ]) {
    const late = cpuOf(programs.binary[0], args);
    const atOnce = cpuOf(bun, [join(root, 'bin/kt.js'), ...args]);
    // It is 0.7 of it, for bun also has to read and compile the source; 1.1 and more where the binary goes on compiling late.
    assert.ok(late < 0.9 * atOnce, `${args[0]}: ${late} s of CPU in the binary, ${atOnce} s run by Bun`);
  }
});
