/** An error → what stderr shows: a line and a hint for people, one JSON object for scripts. */
import { type Excerpt, KtError } from '../base/errors.ts';
import type { Paint } from './colors.ts';
import { visible, visibleLines } from './escape.ts';
import { jsonLine } from './json.ts';

export interface ErrorLook {
  readonly json: boolean;
  readonly verbose: boolean;
  /** Whether people see the hint: not if the next error has the same one. */
  readonly hinted: boolean;
  readonly paint: Paint;
}

/** Anything thrown, as a KtError: anything else is a bug in kt. */
export function asKtError(error: unknown): KtError {
  if (error instanceof KtError) return error;
  const what = error instanceof Error ? error.message || error.name : textOf(error);
  return new KtError('bug', `unexpected error: ${what} (a bug in kt)`, {
    code: (error as NodeJS.ErrnoException | undefined)?.code,
    hint: 'run it again with -v and report what it prints',
    cause: error,
  });
}

/** Code of a user may throw anything, even what cannot be turned into text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return typeof thrown;
  }
}

/** Its lines, each ending with a line end. The stack of a defect is shown with -v only. */
export function errorText(error: KtError, look: ErrorLook): string {
  const { kind, code, message, hint, excerpt } = error;
  const stack =
    look.verbose && kind === 'bug' && error.cause instanceof Error ? `${visibleLines(String(error.cause.stack))}\n` : '';
  if (look.json) return `${jsonLine({ error: { kind, code: code ?? null, message, hint: hint ?? null } })}${stack}`;
  const advice = hint === undefined || !look.hinted ? '' : `${look.paint('hint:', 'dim')} ${visible(hint)}\n`;
  return `${look.paint('kt:', 'bad')} ${visible(message)}\n${excerpt?.text ? caretLines(excerpt, look.paint) : ''}${advice}${stack}`;
}

/** How much of a long text is shown on each side of the place. */
const shownAround = 60;

/** The line that the place is in, with a caret under the place. */
function caretLines({ text, at }: Excerpt, paint: Paint): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  const from = Math.max(lineStart, at - shownAround);
  const to = Math.min(lineEnd < 0 ? text.length : lineEnd, at + shownAround);
  const before = visible(text.slice(from, at));
  return `    ${before}${visible(text.slice(at, to))}\n    ${' '.repeat(before.length)}${paint('^', 'bad')}\n`;
}
