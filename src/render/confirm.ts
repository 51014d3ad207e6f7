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

/**
 * Resolves when the answer is yes.
 * @throws KtError `usage` without a terminal and --yes, or when the answer is no
 */
export async function confirm(question: string, { stdin, stderr, terminal, yes, signal }: Asking): Promise<void> {
  if (yes) return;
  if (!terminal.stdin || !terminal.stderr) {
    throw usageError(`${question} (nobody to ask without a terminal)`, 'add --yes to go on without the question');
  }
  stderr(`${visible(question)} [y/N] `);
  const lines = createInterface({ input: stdin(), terminal: false });
  try {
    const answer = await new Promise<string | undefined>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(undefined));
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    // Ctrl-D leaves the cursor on the question's line.
    if (answer === undefined) stderr('\n');
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) {
      throw usageError('nothing was done (the answer was no)', 'answer y, or add --yes');
    }
  } finally {
    lines.close();
  }
}
