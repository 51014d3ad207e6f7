/** Why the cluster refuses to show or change rules. */
import type { KtError } from '../../base/errors.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { errorOf, refused } from '../../kafka/wire/errors.ts';

/** The `refused` error of an answer; without an authorizer there are no rules, and a missing permission is named. */
export function aclRefusal(
  errorCode: number,
  what: string,
  brokerMessage: string | null,
  operation: 'ALTER' | 'DESCRIBE',
): KtError {
  if (errorOf(errorCode).name === 'SECURITY_DISABLED')
    return refused(errorCode, what, 'the brokers have no authorizer', 'authorizer.class.name of the brokers sets one');
  return refusedFor(errorCode, what, { cluster: [operation] }, brokerMessage);
}
