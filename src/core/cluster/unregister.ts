/** Has the cluster forget a broker that is gone for good: UnregisterBroker (KIP-631). */
import { type KtError, usageError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { errorOf, refused } from '../../kafka/wire/errors.ts';

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
  const { name } = errorOf(errorCode);
  const hint = permissionHint(name, 'ALTER', 'the cluster');
  const why = hint
    ? 'no permission: ALTER on the cluster'
    : name === 'BROKER_ID_NOT_REGISTERED'
      ? 'no broker has this id'
      : errorMessage;
  return refused(errorCode, `broker ${broker} not unregistered`, why, hint);
}
