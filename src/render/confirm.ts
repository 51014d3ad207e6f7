/** The question before something is destroyed, on the terminal. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { usageError } from '../base/errors.ts';
import { visible } from './escape.ts';

/** What the question needs from the process. */
export interface Asking {
  /** Opened only when there is a question. */
  readonly stdin: () => Readable;
  readonly stderr: (text: string) => void;
  /** Whether stdin and stderr are terminals. */
  readonly terminal: { readonly stdin: boolean; readonly stderr: boolean };
  readonly yes: boolean;
  readonly signal: AbortSignal;
}

/** A number of items that nobody overlooks. */
const mostForYes = 10;

/** The answer that must be typed where much is at stake: the number of items; undefined where yes is enough. */
export function stakeAnswer({ count, byPattern }: { readonly count: number; readonly byPattern: boolean }): string | undefined {
  return byPattern || count > mostForYes ? String(count) : undefined;
}

/**
 * Resolves when the answer is yes, or the one that is wanted instead.
 * @throws KtError `usage` without a terminal and --yes, or when the answer is another
 */
export async function confirm(
  question: string,
  { stdin, stderr, terminal, yes, signal }: Asking,
  wanted?: string,
): Promise<void> {
  if (yes) return;
  if (!terminal.stdin || !terminal.stderr) {
    throw usageError(`${question} (nobody to ask without a terminal)`, 'add --yes to confirm');
  }
  stderr(`${visible(question)} [${wanted === undefined ? 'y/N' : `type ${wanted} to go on`}] `);
  const lines = createInterface({ input: stdin(), terminal: false });
  try {
    const answer = await new Promise<string | undefined>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(undefined));
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    // Ctrl-D leaves the cursor on the question's line.
    if (answer === undefined) stderr('\n');
    const isYes = wanted === undefined ? /^y(es)?$/i.test(answer?.trim() ?? '') : answer?.trim() === wanted;
    if (!isYes)
      throw usageError(
        `nothing was done (the answer was ${wanted === undefined ? 'no' : `not ${wanted}`})`,
        `answer ${wanted ?? 'y'}, or add --yes`,
      );
  } finally {
    lines.close();
  }
}
