/** Why the cluster refuses to show or change rules. */
import type { KtError } from '../../base/errors.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { errorOf, refused } from '../../kafka/wire/errors.ts';

/** The `refused` error of an answer; without an authorizer there are no rules, and a missing permission is named. */
export function aclRefusal(
  errorCode: number,
  what: string,
  brokerMessage: string | null,
  operation: 'ALTER' | 'DESCRIBE',
): KtError {
  const { name } = errorOf(errorCode);
  if (name === 'SECURITY_DISABLED')
    return refused(errorCode, what, 'the brokers have no authorizer', 'authorizer.class.name of the brokers sets one');
  if (name === 'CLUSTER_AUTHORIZATION_FAILED')
    return refused(
      errorCode,
      what,
      `no permission: ${operation} on the cluster`,
      permissionHint(name, operation, 'the cluster'),
    );
  return refused(errorCode, what, brokerMessage);
}
