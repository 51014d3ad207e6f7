/** Runs shell scripts that call kt, such as those in examples/, on a test cluster. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { TestCluster } from './clusters.ts';
import { cleanEnvironment, programs } from './kt.ts';

export interface ScriptResult {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams in the order in which they came, as on a terminal. */
  readonly output: string;
}

/**
 * Runs a bash script for which `kt` is this program and the default cluster this one.
 * What it has started itself is killed with the test, should it leave anything behind.
 */
export async function runScript(
  during: Pick<TestContext, 'after'>,
  script: readonly string[],
  on: {
    readonly cluster: Pick<TestCluster, 'bootstrapServers'>;
    readonly program: keyof typeof programs;
    readonly env?: Record<string, string>;
  },
): Promise<ScriptResult> {
  const folder = mkdtempSync(join(tmpdir(), 'kt-script-'));
  symlinkSync(programs[on.program].at(-1)!, join(folder, 'kt'));
  const environment = {
    ...cleanEnvironment(),
    PATH: `${folder}:${process.env['PATH']}`,
    KT_BOOTSTRAP_SERVER: on.cluster.bootstrapServers,
    ...on.env,
  };
  const child = spawn('bash', script, { env: environment, cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  during.after(() => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // Everything has ended.
    }
    rmSync(folder, { recursive: true, force: true });
  });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout, output };
}
