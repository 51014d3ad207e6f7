/** Runs a program of the release's making. */
import { spawn } from 'node:child_process';
import { root } from './project.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs a program to its end. @returns its stdout @throws with its output if it cannot be started or fails */
export function run(
  program: string,
  args: readonly string[],
  { cwd = root, env, stdin = '' }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
    const stdout: Buffer[] = [];
    const both: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      both.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => both.push(chunk));
    // A program may end without reading its input.
    child.stdin.on('error', () => {});
    child.on('error', (error) => reject(new Error(`${program} cannot be started (${error.message})`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(stdout).toString());
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code ?? signal}\n${Buffer.concat(both)}`));
    });
    child.stdin.end(stdin);
  });
}
