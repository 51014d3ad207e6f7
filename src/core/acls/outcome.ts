/** What became of a rule. */
import type { KtError } from '../../base/errors.ts';
import type { AclRule } from './rule.ts';

export interface AclOutcome extends AclRule {
  /** `exists`: it was there already; `absent`: it was gone already; `valid`: a dry run that would have made or deleted it. */
  readonly status: 'created' | 'exists' | 'deleted' | 'absent' | 'valid' | 'failed';
  readonly error?: KtError;
}

/** An outcome; an error makes it `failed`. */
export function outcomeOf(rule: AclRule, status: AclOutcome['status'], error?: KtError): AclOutcome {
  return error ? { ...rule, status: 'failed', error } : { ...rule, status };
}
