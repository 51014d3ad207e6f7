/** Which of Kafka's two group protocols a member joins by. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../cluster.ts';
import { GroupCoordinator } from './coordinator.ts';

/** The first released version of ConsumerGroupHeartbeat, in Kafka 4.0; version 0 was a preview. */
const releasedVersion = 1;
/** States in which a classic group has members. */
const liveStates: ReadonlySet<string> = new Set(['PreparingRebalance', 'CompletingRebalance', 'Stable']);
/** Answers of a coordinator where the consumer protocol is switched off, or that may not convert the group to it. */
const otherProtocol: ReadonlySet<string> = new Set(['UNSUPPORTED_VERSION', 'GROUP_ID_NOT_FOUND']);

export interface ProtocolQuestion {
  readonly group: string;
  readonly sessionTimeoutMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Whether to try the consumer protocol (KIP-848): where the brokers have it, for a group that has no members or is of that
 * type already. Among live classic members kt joins as a classic one: by the newer protocol it would have the broker convert
 * the group under them, and that is not for a debugging tool to decide. The other way round, the broker takes classic members
 * into a group of the newer type.
 * Brokers list the request even where it is switched off (the feature `group.version`), and the group may change after it was
 * described: a refusal with `isOtherProtocol` means that the classic protocol is the one to use.
 */
export async function prefersConsumerProtocol(cluster: Cluster, question: ProtocolQuestion): Promise<boolean> {
  const { group, sessionTimeoutMs, signal } = question;
  if (sessionTimeoutMs !== undefined) return false;
  if ((await cluster.apiVersion('ConsumerGroupHeartbeat')) < releasedVersion) return false;
  const { groups } = await new GroupCoordinator(cluster, group).ask(
    'DescribeGroups',
    { groups: [group] },
    { signal, codes: (answer) => answer.groups.map(({ errorCode }) => errorCode) },
  );
  // Groups of another type, and those that do not exist, are described as dead.
  return !groups.some(({ groupState }) => liveStates.has(groupState));
}

export function isOtherProtocol(error: unknown): boolean {
  return error instanceof KtError && otherProtocol.has(error.code ?? '');
}
