/** What one step of an examination found, and how a step says so. */
import { isEnding, KtError } from '../../base/errors.ts';
import { counted, formatDuration } from '../../base/units.ts';
import { seeDoctor } from '../../kafka/connection/errors.ts';

/** In the order in which they are taken. */
export const steps = [
  'settings',
  'dns',
  'tcp',
  'proxy',
  'tls',
  'api-versions',
  'sasl',
  'metadata',
  'listener',
  'controller',
  'clock',
  'replicas',
  'disk',
  'permissions',
  'topic',
  'read',
  'group',
  'write',
] as const;
export type StepName = (typeof steps)[number];

/** `warn` may be as it should be, or will soon fail; `skipped` says that a step before it failed, or that there is nothing to see. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Finding {
  readonly step: StepName;
  /** What was looked at: an address, a broker, a topic. */
  readonly target: string;
  readonly verdict: Verdict;
  readonly found: string;
  /** What is behind it; not with `ok`. */
  readonly why?: string;
  /** What to do about it. */
  readonly cure?: string;
  /** How long the step took, in ms. */
  readonly ms: number;
}

/** Findings, as they come; and at the end what was learned for the steps that follow, undefined when a step failed. */
export type Examination<Learned> = AsyncGenerator<Finding, Learned, void>;

/** What a step says, apart from its name and time. */
export type Told = Omit<Finding, 'step' | 'ms'>;

/** Measures a step from now on: makes findings with the time that has passed. */
export function begin(step: StepName): (told: Told) => Finding {
  const startedAt = performance.now();
  return (told) => ({ step, ...told, ms: Math.round((performance.now() - startedAt) * 10) / 10 });
}

/** A step that was not taken, since it needs another one that failed. */
export function skipped(step: StepName, target: string, needs: string): Finding {
  return { step, target, verdict: 'skipped', found: `needs ${needs}`, ms: 0 };
}

/** An error taken apart: `no connection to kafka:9092 (connection refused)` has its reason in brackets. */
export function inWords({ message }: KtError): { readonly what: string; readonly why: string } {
  const [, what = message, why = message] = /^(.*?) \((.*)\)$/s.exec(message) ?? [];
  return { what, why };
}

/**
 * The finding of a step that threw.
 * @param found in place of what the error says
 * @throws the error itself when it is an interruption or a bug: neither is a finding
 */
export function failure(target: string, error: unknown, found?: string): Told {
  if (!(error instanceof KtError) || isEnding(error) || error.kind === 'bug') throw error;
  const { what, why } = inWords(error);
  const hint = error.hint?.replace(seeDoctor, '');
  const told = found ?? what;
  return { target, verdict: 'fail', found: told, ...(why !== told && { why }), ...(hint !== undefined && { cure: hint }) };
}

/** `1 record waits`, `5 records wait`. */
export function waiting(records: bigint | number): string {
  return `${counted(records, 'record')} wait${Number(records) === 1 ? 's' : ''}`;
}

/** An age as people say it. */
export function age(ms: number): string {
  return ms < 1_000 ? 'less than 1s' : formatDuration(Math.floor(ms / 1_000) * 1_000);
}

/** The first few, and how many more there are. */
export function someOf(names: readonly string[], shown = 3): string {
  const more = names.length - shown;
  return more > 0 ? `${names.slice(0, shown).join(', ')} and ${more} more` : names.join(', ');
}

/** `broker 1`; `brokers 1, 2, 3`. */
export function brokersText(ids: readonly number[]): string {
  return `${ids.length === 1 ? 'broker' : 'brokers'} ${someOf(ids.map(String), 12)}`;
}
