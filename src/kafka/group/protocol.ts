/** Which of Kafka's two group protocols a member joins by. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../cluster.ts';
import { GroupCoordinator } from './coordinator.ts';

/** The first version of ConsumerGroupHeartbeat that is no preview: Kafka 4.0. */
const releasedVersion = 1;
/** States in which a classic group has members. */
const liveStates: ReadonlySet<string> = new Set(['PreparingRebalance', 'CompletingRebalance', 'Stable']);
/** What a coordinator answers that has the consumer protocol switched off, or may not convert the group to it. */
const otherProtocol: ReadonlySet<string> = new Set(['UNSUPPORTED_VERSION', 'GROUP_ID_NOT_FOUND']);

export interface ProtocolQuestion {
  readonly group: string;
  readonly sessionTimeoutMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Whether to try the consumer protocol (KIP-848): where the brokers have it, for a group that has no members or is of that
 * type already. Among live members of the classic protocol kt is another of these: joining by the newer one would have the
 * broker convert the group under them, which Kafka can, but which is not for a debugging tool to decide. The other way round
 * the broker takes classic members into a group of the newer type.
 * That the brokers list the request does not say that it is switched on (the feature `group.version`), nor does a group stay
 * as it was when asked: a refusal with `isOtherProtocol` means that the classic protocol is the one to use.
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
  // A group that is of another type, or none, is answered as dead.
  return !groups.some(({ groupState }) => liveStates.has(groupState));
}

export function isOtherProtocol(error: unknown): boolean {
  return error instanceof KtError && otherProtocol.has(error.code ?? '');
}
