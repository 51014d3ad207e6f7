/** InitProducerId: the producer id and epoch under which a producer writes, so that what it sends again is stored once (KIP-98). */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../cluster.ts';
import { CoordinatorClient } from '../coordinator-client.ts';
import { errorOf, refused } from '../wire/errors.ts';

/** A producer as brokers tell them apart. */
export interface ProducerIdentity {
  readonly id: bigint;
  readonly epoch: number;
}

/** Of a producer that has no id, or none yet. */
export const noProducer: ProducerIdentity = { id: -1n, epoch: -1 };

/** Without transactions brokers ignore the timeout, and want one all the same. */
const noTimeoutMs = 2 ** 31 - 1;

/**
 * Asks any broker for an id of an idempotent producer. Asked again when the connection is lost: an id whose answer was lost is never used.
 * @throws KtError `refused` without permission; `connection` when no broker answers within `timeoutMs`
 */
export async function newProducerId(cluster: Cluster, timeoutMs: number, signal: AbortSignal): Promise<ProducerIdentity> {
  const { errorCode, producerId, producerEpoch } = await new CoordinatorClient(cluster, 'any', refusal).ask(
    'InitProducerId',
    { transactionalId: null, transactionTimeoutMs: noTimeoutMs, producerId: noProducer.id, producerEpoch: noProducer.epoch },
    { signal, giveUpMs: timeoutMs, passing: 'retriable', codes: (response) => [response.errorCode] },
  );
  if (errorCode !== 0) throw refusal(errorCode);
  return { id: producerId, epoch: producerEpoch };
}

/** Since Kafka 2.8 (KIP-679) WRITE on any topic is enough, before it takes IDEMPOTENT_WRITE. */
function refusal(errorCode: number): KtError {
  if (errorOf(errorCode).name !== 'CLUSTER_AUTHORIZATION_FAILED')
    return refused(errorCode, 'no producer id for idempotent writing');
  return refused(
    errorCode,
    'writing idempotently',
    'no permission: WRITE on the topic, or IDEMPOTENT_WRITE on the cluster',
    'its administrator can grant WRITE on the topic to this user',
  );
}
