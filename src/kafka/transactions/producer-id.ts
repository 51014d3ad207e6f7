/** The id under which a producer without transactions writes, so that what it sends again is stored once (KIP-98). */
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../cluster.ts';
import { errorOf, refused } from '../wire/errors.ts';
import type { ProducerIdentity } from './transaction.ts';

const retryMs = 100;

/**
 * Asks for an id until there is one, no longer than `timeoutMs`.
 * @throws KtError `refused` without permission
 */
export async function newProducerId(cluster: Cluster, timeoutMs: number, signal: AbortSignal): Promise<ProducerIdentity> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const response = await cluster.request('InitProducerId', {
      transactionalId: null,
      transactionTimeoutMs: 2 ** 31 - 1,
      producerId: -1n,
      producerEpoch: -1,
    });
    if (response.errorCode === 0) return { id: response.producerId, epoch: response.producerEpoch };
    if (!errorOf(response.errorCode).retriable || performance.now() > deadline) {
      // Since Kafka 2.8 (KIP-679) WRITE on any topic is enough, before it takes IDEMPOTENT_WRITE.
      const lacks = errorOf(response.errorCode).name === 'CLUSTER_AUTHORIZATION_FAILED';
      throw lacks
        ? refused(
            response.errorCode,
            'writing idempotently',
            'no permission: WRITE on the topic, or IDEMPOTENT_WRITE on the cluster',
            'its administrator can grant WRITE on the topic to this user',
          )
        : refused(response.errorCode, 'a producer id for idempotent writing', null);
    }
    await pause(retryMs, signal);
  }
}
