/** Why the cluster refuses to show or change users. */
import type { KtError } from '../../base/errors.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { errorOf, refused } from '../../kafka/wire/errors.ts';

/** The `refused` error of an answer; a missing permission is named. */
export function userRefusal(
  errorCode: number,
  what: string,
  brokerMessage: string | null,
  operation: 'ALTER' | 'DESCRIBE',
): KtError {
  const { name } = errorOf(errorCode);
  const hint = permissionHint(name, operation, 'the cluster');
  return refused(errorCode, what, hint ? `no permission: ${operation} on the cluster` : brokerMessage, hint);
}
