/** What this user may do, as brokers tell it (KIP-430). */
import type { Cluster } from '../../kafka/cluster.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { type Operation, operationsOf, type ResourceType } from '../acls/rule.ts';
import { operationCodes } from '../acls/wire.ts';
import { begin, type Examination, failure, type Told } from './finding.ts';
import type { Known } from './metadata.ts';
import type { Patient } from './patient.ts';

/** Kafka's word for "not told": Int.MinValue. */
const untold = -(2 ** 31);

/** What may be done with the cluster and the topic; with the group, once it is found. */
export async function* examinePermissions(
  { cluster, metadata }: Known,
  { topic, write }: Pick<Patient, 'topic' | 'write'>,
): Examination<void> {
  const found = begin('permissions');
  yield found({ target: 'the cluster', ...allowed(metadata.operations ?? untold, 'CLUSTER', []) });
  if (topic === undefined) return;
  const target = `topic ${topic}`;
  try {
    const bits = await topicOperations(cluster, topic);
    if (bits !== undefined) yield found({ target, ...allowed(bits, 'TOPIC', write ? ['READ', 'WRITE'] : ['READ']) });
  } catch (error) {
    yield found(failure(target, error));
  }
}

/** @param coordinator the broker that has the group; one of the newer protocols is not told about */
export async function* examineGroupPermissions(cluster: Cluster, group: string, coordinator: number): Examination<void> {
  const found = begin('permissions');
  const target = `group ${group}`;
  try {
    const body = { groups: [group], includeAuthorizedOperations: true };
    const [answer] = (await cluster.request('DescribeGroups', body, { broker: coordinator })).groups;
    if (answer?.errorCode !== 0 || answer.authorizedOperations === untold) return;
    yield found({ target, ...allowed(answer.authorizedOperations, 'GROUP', ['READ']) });
  } catch (error) {
    yield found(failure(target, error));
  }
}

/**
 * @param bits a bit for each of Kafka's AclOperations
 * @param needed what a client needs of them
 */
export function allowed(bits: number, type: ResourceType, needed: readonly Operation[]): Omit<Told, 'target'> {
  if (bits === untold) return { verdict: 'skipped', found: 'not known: brokers tell it since Kafka 2.3' };
  const all = operationsOf[type];
  const granted = all.filter((operation) => (bits & (1 << operationCodes[operation])) !== 0);
  const missing = needed.filter((operation) => !granted.includes(operation));
  const what = granted.length === all.length ? 'do everything with it' : granted.join(', ') || 'do nothing with it';
  const found = `this user may ${what}`;
  if (missing.length === 0) return { verdict: 'ok', found };
  const why = `${missing.join(' and ')} is missing`;
  return { verdict: 'fail', found, why, cure: 'its administrator can grant it; kt acls list shows the rules' };
}

/** @returns undefined for a topic that there is not, which is a finding of another step */
async function topicOperations(cluster: Cluster, topic: string): Promise<number | undefined> {
  const { topics } = await cluster.request('Metadata', {
    topics: [{ name: topic }],
    allowAutoTopicCreation: false,
    includeTopicAuthorizedOperations: true,
  });
  const [answer] = topics;
  if (!answer || answer.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return undefined;
  return answer.errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED ? 0 : answer.topicAuthorizedOperations;
}
