/** Which permission is missing, in the words of Kafka's ACLs. */
import type { KtError } from '../base/errors.ts';
import { errorOf, refused } from './wire/errors.ts';

/**
 * The hint for a request that was refused because of a missing permission, or undefined for any other error.
 * @param code Kafka's error name
 * @param operation as ACLs name it: `ALTER_CONFIGS`
 * @param resource where it is needed: `topic orders`
 */
export function permissionHint(code: string, operation: string, resource: string): string | undefined {
  return code.endsWith('_AUTHORIZATION_FAILED')
    ? `this user needs ${operation} on ${resource}; its administrator can grant it`
    : undefined;
}

/** What a request needs: an operation (`READ`) on each resource it names. */
interface Needs {
  /** There is only one, so it has no name. */
  readonly cluster?: readonly [operation: string, name?: undefined];
  readonly group?: readonly [operation: string, group: string];
  readonly topic?: readonly [operation: string, topic: string];
  readonly 'transactional id'?: readonly [operation: string, id: string];
}

const kinds: Readonly<Record<string, keyof Needs>> = {
  CLUSTER_AUTHORIZATION_FAILED: 'cluster',
  GROUP_AUTHORIZATION_FAILED: 'group',
  TOPIC_AUTHORIZATION_FAILED: 'topic',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'transactional id',
};

/** The `refused` error of an answer; one for a missing permission names it: `no permission: READ on group billing`. */
export function refusedFor(
  errorCode: number,
  what: string,
  needs: Needs,
  brokerMessage?: string | null,
  hint?: string,
): KtError {
  const { name: code } = errorOf(errorCode);
  const kind = kinds[code];
  const need = kind && needs[kind];
  if (!need) return refused(errorCode, what, brokerMessage, hint);
  const [operation, name] = need;
  const resource = name === undefined ? 'the cluster' : `${kind} ${name}`;
  return refused(errorCode, what, `no permission: ${operation} on ${resource}`, permissionHint(code, operation, resource));
}
