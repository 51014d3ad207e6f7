/** An error → what stderr shows: a line and a hint for people, one JSON object for scripts. */
import { KtError } from '../base/errors.ts';
import type { Paint } from './colors.ts';
import { visible, visibleLines } from './escape.ts';
import { jsonLine } from './json.ts';

export interface ErrorLook {
  readonly json: boolean;
  readonly verbose: boolean;
  /** Whether people are shown the hint: not where the next error gives the same one. */
  readonly hinted: boolean;
  readonly paint: Paint;
}

/** Anything thrown as a KtError: what is not one is a defect in kt. */
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
  const { kind, code, message, hint } = error;
  const stack =
    look.verbose && kind === 'bug' && error.cause instanceof Error ? `${visibleLines(String(error.cause.stack))}\n` : '';
  if (look.json) return `${jsonLine({ error: { kind, code: code ?? null, message, hint: hint ?? null } })}${stack}`;
  const advice = hint === undefined || !look.hinted ? '' : `${look.paint('hint:', 'dim')} ${visible(hint)}\n`;
  return `${look.paint('kt:', 'bad')} ${visible(message)}\n${advice}${stack}`;
}
