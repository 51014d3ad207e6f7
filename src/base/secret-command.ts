/** Commands that print a secret: run without a shell, and heard by nobody else. */
import { spawn } from 'node:child_process';
import { whenAborted } from './pause.ts';

/** No secret is larger; an endless output is. */
const largestOutput = 1 << 20;

/** Why a command gave no secret, in words that hold nothing of what it printed. */
export class CommandFailure extends Error {}

export interface CommandOptions {
  /** Ends the command. */
  readonly signal: AbortSignal;
  /** How long it may take, in ms. */
  readonly timeoutMs: number;
}

/**
 * What the command prints on stdout, without its last newline. No shell reads it: blanks separate words, `'…'` and `"…"` keep them together,
 * and everything else stands for itself. It gets no input, and what it prints on stderr is dropped, as a secret may be in it.
 * @throws CommandFailure; the signal's reason
 */
export async function printedBy(command: string, options: CommandOptions): Promise<string> {
  const words = commandWords(command);
  if (!words) throw new CommandFailure('a quote in the command is not closed');
  const [program, ...args] = words;
  if (!program) throw new CommandFailure('the command is empty');
  return await outputOf(program, args, options);
}

/**
 * The same for a program whose words are known.
 * @throws as `printedBy`
 */
export function outputOf(program: string, args: readonly string[], { signal, timeoutMs }: CommandOptions): Promise<string> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      release();
      child.kill('SIGKILL');
      // What the command has started may hold the pipe.
      child.stdout.destroy();
      settle();
    };
    const fail = (why: string) => end(() => reject(new CommandFailure(`${program} ${why}`)));
    const timer = setTimeout(() => fail(`did not end within ${Number((timeoutMs / 1000).toPrecision(3))}s`), timeoutMs);
    const release = whenAborted(signal, () => end(() => reject(signal.reason)));
    const pieces: Buffer[] = [];
    let length = 0;
    child.stdout.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length > largestOutput) fail('prints more than a secret can have');
      else pieces.push(piece);
    });
    child.on('error', ({ code }: NodeJS.ErrnoException) =>
      fail(code === 'ENOENT' ? 'is not a program here' : `cannot be run: ${code}`),
    );
    child.on('close', (code, by) => {
      if (code !== 0) return fail(code === null ? `was ended by ${by}` : `ended with exit code ${code}`);
      const text = Buffer.concat(pieces)
        .toString('utf8')
        .replace(/\r?\n$/, '');
      if (text === '') return fail('printed nothing');
      end(() => resolve(text));
    });
  });
}

/** Undefined where a quote is not closed. */
function commandWords(command: string): string[] | undefined {
  const unquoted = command.replace(/"[^"]*"|'[^']*'/g, '');
  if (/["']/.test(unquoted)) return undefined;
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );
}
