/** What an examination comes to: one sentence that says what to do first, and whether it is an error. */

import { type ErrorKind, KtError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import type { Finding } from './finding.ts';

/**
 * The error that the findings amount to; undefined when no step failed.
 * - `usage`: the settings are wrong
 * - `connection`: there is no way in: no bootstrap server, or no broker at its advertised address
 * - `check`: something has to be fixed
 */
export function verdictOn(findings: readonly Finding[]): KtError | undefined {
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  const [first] = failed;
  if (!first) return undefined;
  const taken = findings.filter(({ verdict }) => verdict !== 'skipped').length;
  const message = `${failed.length} of ${counted(taken, 'step')} failed; first fix ${inWords(first)}`;
  return new KtError(kindOf(findings, first), message, { hint: first.cure });
}

/** What to say when no step failed. */
export function comfort(findings: readonly Finding[]): string {
  const doubtful = findings.find(({ verdict }) => verdict === 'warn');
  if (!doubtful) return 'all is well: there is nothing to fix';
  return `nothing failed, but look at ${inWords(doubtful)}${doubtful.cure ? `: ${doubtful.cure}` : ''}`;
}

function kindOf(findings: readonly Finding[], first: Finding): ErrorKind {
  if (first.step === 'settings') return 'usage';
  const isIn = (step: Finding['step']) => findings.some((each) => each.step === step && each.verdict === 'ok');
  return isIn('metadata') && isIn('listener') ? 'check' : 'connection';
}

function inWords({ step, target, found, why }: Finding): string {
  return `${step} (${target}: ${why ?? found})`;
}
