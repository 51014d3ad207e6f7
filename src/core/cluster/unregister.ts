/** Has the cluster forget a broker that is gone for good: UnregisterBroker (KIP-631). */
import { type KtError, usageError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { errorOf } from '../../kafka/wire/errors.ts';

/**
 * @returns why it was refused
 * @throws KtError `usage` for a broker that runs: it would register again, and its partitions would be without it for a while
 */
export async function unregisterBroker(cluster: Cluster, broker: number): Promise<KtError | undefined> {
  const { brokers } = await cluster.metadata([]);
  if (brokers.some(({ id }) => id === broker))
    throw usageError(`broker ${broker} (it runs)`, 'stop it first; kt cluster describe shows the brokers that run');
  const { errorCode, errorMessage } = await cluster.request('UnregisterBroker', { brokerId: broker }, 'controller');
  if (errorCode === 0) return undefined;
  const why = errorOf(errorCode).name === 'BROKER_ID_NOT_REGISTERED' ? 'no broker has this id' : errorMessage;
  return refusedFor(errorCode, `broker ${broker} not unregistered`, { cluster: ['ALTER'] }, why);
}
