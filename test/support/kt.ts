/** kt as a process, seen from outside. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { outcomeOf } from './outcome.ts';
import { failOnSecrets } from './secrets.ts';

const root = join(import.meta.dirname, '../..');

/** The two ways to run kt: the npm package on Node, and the single binary. */
export const programs = {
  node: [process.execPath, join(root, 'bin/kt.js')],
  binary: [join(root, 'dist/kt')],
} as const;

export type Program = keyof typeof programs;

/** The program that `KT_TEST_PROGRAM` names for all tests, or else what the test wants (`npm run test:node`). */
export function wanted(program: Program): Program {
  return (process.env.KT_TEST_PROGRAM as Program | undefined) ?? program;
}

export interface KtOptions {
  /** The binary unless given: Node takes ten times its time to start. */
  readonly program?: Program;
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface KtResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
}

/** Without the settings of the person who runs the tests. */
export function cleanEnvironment(): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = { ...process.env, XDG_CONFIG_HOME: '/nonexistent' };
  for (const name of Object.keys(env)) if (/^KT_|^(NO|FORCE)_COLOR$|^NODE_OPTIONS$|^NODE_TEST/.test(name)) delete env[name];
  return env;
}

/** Starts kt; the caller reads its streams and waits for its end. A known secret in them fails the test. */
export function startKt(
  args: readonly string[],
  { program = wanted('binary'), env, cwd }: KtOptions = {},
): ChildProcessWithoutNullStreams {
  const [command, ...first] = programs[program];
  const child = spawn(command!, [...first, ...args], {
    env: { ...cleanEnvironment(), ...env },
    ...(cwd !== undefined && { cwd }),
  });
  for (const stream of [child.stdout, child.stderr]) failOnSecrets(stream, `kt ${args[0]} ${args[1]}`);
  return child;
}

/** Runs kt to its end. */
export async function kt(args: readonly string[], options: KtOptions = {}): Promise<KtResult> {
  const { code, signal, stdout, stderr } = await outcomeOf(startKt(args, options), options.stdin);
  return { code, signal, stdout: stdout.toString(), stdoutBytes: stdout, stderr: stderr.toString() };
}
