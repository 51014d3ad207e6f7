/** The two ways to run kt, kcat, and work that is not measured. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { confluentSchemasUnavailable, interpreter } from '../test/support/foreign-clients.ts';
import { rootDirectory, workDirectory } from './work.ts';

/** The copy that a run measures, even if kt is built again meanwhile. */
const copy = join(workDirectory, 'kt');

/** Name → command: the single binary, and the npm package on this Node. */
export const kts: readonly (readonly [name: string, program: readonly string[]])[] = [
  ['kt', [join(copy, 'dist/kt')]],
  ['kt on Node', [process.execPath, join(copy, 'bin/kt.js')]],
];

/** Runs a program that must succeed, and ignores its output. */
export async function untimed([program = '', ...args]: readonly string[], stdin = '/dev/null'): Promise<void> {
  const input = openSync(stdin, 'r');
  try {
    const child = spawn(program, args, { stdio: [input, 'ignore', 'pipe'] });
    const errors: Buffer[] = [];
    child.stderr?.on('data', (chunk) => errors.push(chunk));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${Buffer.concat(errors)}`);
  } finally {
    closeSync(input);
  }
}

export async function kt(...args: readonly string[]): Promise<void> {
  await untimed([...kts[0]![1], ...args]);
}

/** kcat's command line against these servers. */
export function kcat(bootstrapServers: string, ...args: readonly string[]): readonly string[] {
  return ['kcat', '-b', bootstrapServers, ...args];
}

/** The command line of a program of clients/, with the tests' Python, which has confluent-kafka. @throws where that cannot be installed */
export function pythonClient(file: string, ...args: readonly string[]): readonly string[] {
  const missing = confluentSchemasUnavailable();
  if (missing !== undefined) throw new Error(missing);
  return [interpreter, join(import.meta.dirname, 'clients', file), ...args];
}

/** With these kcat reads a topic to its end as fast as it can. */
export const kcatTuning = ['-X', 'fetch.wait.max.ms=10', '-X', 'queued.min.messages=10000000'];

/** Whether the PATH has this program. */
export function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Builds kt if its source has changed, and makes a copy for this run. */
export async function buildKt(): Promise<void> {
  await untimed([process.execPath, join(rootDirectory, 'scripts/build.mjs')]);
  for (const part of ['bin', 'dist', 'package.json']) cpSync(join(rootDirectory, part), join(copy, part), { recursive: true });
}

/** Installs Debian's kcat, jq and GNU time if they are missing and may be installed. @throws without kcat or jq */
export function installPrograms(): void {
  const missing = ['kcat', 'jq', 'time'].filter((program) => !isThere(program === 'time' ? '/usr/bin/time' : program));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && isThere('apt-get')) {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    execFileSync('apt-get', ['install', '-y', '-qq', ...missing], { stdio: 'inherit' });
  } else if (missing.some((program) => program !== 'time')) {
    throw new Error(`not installed: sudo apt-get install ${missing.join(' ')}, or brew install kcat jq`);
  }
}

/** Compiles a program of this folder in the same way as dist/kt. */
export async function compiled(source: string): Promise<string> {
  const output = join(workDirectory, source.replace(/\.ts$/, ''));
  const bun = join(rootDirectory, 'node_modules/bun/bin/bun.exe');
  const flags = ['build', '--compile', '--minify', '--bytecode', '--format=esm', '--splitting'];
  await untimed([bun, ...flags, join(import.meta.dirname, source), `--outfile=${output}`]);
  return output;
}
