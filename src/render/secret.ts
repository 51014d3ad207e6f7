/** Asks on the terminal for a secret: what is typed is not shown. */
import { KtError, usageError } from '../base/errors.ts';
import type { Asking } from './confirm.ts';
import { visible } from './escape.ts';

const enter = /[\r\n]/;
const backspace = /[\b\x7f]/;
const interrupt = '\x03';
const endOfInput = '\x04';

/**
 * Resolves with the line that is typed.
 * @throws KtError `usage` without a terminal, or when it is closed; `interrupted` when it is left with Ctrl-C or Ctrl-D
 */
export async function askSecret(question: string, { stdin, stderr, terminal, signal }: Omit<Asking, 'yes'>): Promise<string> {
  if (!terminal.stdin || !terminal.stderr)
    throw usageError(`${question} (nobody to ask without a terminal)`, 'give it in a file, or on stdin as -');
  const input = stdin() as ReturnType<Asking['stdin']> & { setRawMode?(raw: boolean): void };
  stderr(`${visible(question)}: `);
  input.setRawMode?.(true);
  try {
    return await typedLine(input, signal);
  } finally {
    input.setRawMode?.(false);
    input.pause();
    stderr('\n');
  }
}

function typedLine(input: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const decoder = new TextDecoder();
    const read = (chunk: Buffer | string): void => {
      for (const character of typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })) {
        const over = enter.test(character) || character === interrupt || (character === endOfInput && typed === '');
        if (over) {
          end(() => (enter.test(character) ? resolve(typed) : reject(new KtError('interrupted', 'interrupted'))));
          return;
        }
        typed = backspace.test(character) ? [...typed].slice(0, -1).join('') : typed + character;
      }
    };
    const aborted = (): void => end(() => reject(signal.reason));
    const closed = (): void => end(() => reject(usageError('nothing was done (no secret was given)', 'give it in a file')));
    const end = (settle: () => void): void => {
      input.off('data', read).off('end', closed);
      signal.removeEventListener('abort', aborted);
      settle();
    };
    signal.addEventListener('abort', aborted, { once: true });
    input.on('data', read).on('end', closed).resume();
  });
}
