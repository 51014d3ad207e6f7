/** What can go wrong, as one error type, with the table from its kind to the process's exit code. */

/**
 * - `check`: a check that the user asked for failed.
 * - `usage`: a bad option, value or file; found before anything is sent.
 * - `refused`: the cluster refused at least one item.
 * - `connection`: network, TLS, SASL or a timeout.
 * - `interrupted` / `terminated` / `hangup`: SIGINT / SIGTERM / SIGHUP, after a clean close.
 * - `bug`: anything else; a defect in kt.
 */
export type ErrorKind = 'check' | 'usage' | 'refused' | 'connection' | 'interrupted' | 'terminated' | 'hangup' | 'bug';

/** The exit code of each kind: the contract with scripts. Success, and a pipe closed by its reader, are 0. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  check: 1,
  usage: 2,
  refused: 3,
  connection: 4,
  bug: 70,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
};

/** A text and a place in it. */
export interface Excerpt {
  readonly text: string;
  /** Index of the character at fault; the text's length for its end. */
  readonly at: number;
}

/** The signals that end a run cleanly. Their exit codes are 128 and the signal's number, as a shell reports them. */
export const endingSignals = { SIGINT: 'interrupted', SIGTERM: 'terminated', SIGHUP: 'hangup' } as const;

/** Whether an error is an end that came from outside, which nothing may take for a failure of what it was doing. */
export function isEnding({ kind }: KtError): boolean {
  return Object.values<ErrorKind>(endingSignals).includes(kind);
}

export interface KtErrorOptions {
  /** Kafka's error name (`TOPIC_ALREADY_EXISTS`) or a system code (`ECONNREFUSED`), for scripts. */
  readonly code?: string | undefined;
  /** What to type or do next. */
  readonly hint?: string | undefined;
  /** What the user wrote, and where in it the fault is: shown with a caret under the place. */
  readonly excerpt?: Excerpt | undefined;
  readonly cause?: unknown;
}

/** An error with all that is shown to the user: `message` is "what (why)", on one line and without a full stop. */
export class KtError extends Error {
  readonly kind: ErrorKind;
  readonly code: string | undefined;
  readonly hint: string | undefined;
  readonly excerpt: Excerpt | undefined;

  constructor(kind: ErrorKind, message: string, options: KtErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KtError';
    this.kind = kind;
    this.code = options.code;
    this.hint = options.hint;
    this.excerpt = options.excerpt;
  }
}

/** A `usage` error: what the user typed is wrong. */
export function usageError(message: string, hint?: string): KtError {
  return new KtError('usage', message, { hint });
}
