/** What a profile may be called. */
import { usageError } from '../../base/errors.ts';

/** @throws KtError `usage` */
export function requireProfileName(name: string): void {
  if (!/^[\w.-]+$/.test(name))
    throw usageError(`invalid profile name '${name}'`, 'use letters, digits, dots, dashes and underscores');
}
