/** What the cluster refused for want of a permission, said with the operation and the resource that it takes. */
import type { KtError } from '../errors.ts';
import { errorOf, refused } from '../kafka/wire/errors.ts';

/** What a request needs: an operation (`READ`) on each resource it names. */
export interface Needs {
  readonly group?: readonly [operation: string, group: string];
  readonly topic?: readonly [operation: string, topic: string];
}

/** Which need each of Kafka's errors is about. */
const resources: Readonly<Record<string, keyof Needs>> = {
  GROUP_AUTHORIZATION_FAILED: 'group',
  TOPIC_AUTHORIZATION_FAILED: 'topic',
};

/** The `refused` error of an answer; one for a missing permission names it: `no permission: READ on group billing`. */
export function refusedFor(
  errorCode: number,
  what: string,
  needs: Needs,
  brokerMessage?: string | null,
  hint?: string,
): KtError {
  const resource = resources[errorOf(errorCode).name];
  const need = resource && needs[resource];
  if (!need) return refused(errorCode, what, brokerMessage, hint);
  const [operation, name] = need;
  return refused(
    errorCode,
    what,
    `no permission: ${operation} on ${resource} ${name}`,
    `its administrator can grant it: kafka-acls --add --allow-principal User:NAME --operation ${capital(operation)} --${resource} ${name}`,
  );
}

function capital(operation: string): string {
  return operation.slice(0, 1) + operation.slice(1).toLowerCase();
}
