/** What this user may do with the cluster: whether a list may leave something out, since brokers list only what a user may describe; whether a change would be refused. */
import type { Cluster } from '../../kafka/cluster.ts';

/** Bits of ALTER and DESCRIBE in what brokers say that this user may do with the cluster (KIP-430). */
const alter = 1 << 7;
const describe = 1 << 8;

/**
 * Judges by what this user may do with the cluster (KIP-430), which the request for the list has told; without an authorizer that is everything.
 * DESCRIBE on the cluster shows all groups. Topics need it each: a user who sees none has certainly not missed any only if it may change the
 * cluster. Transactions need it each too.
 */
export async function mayBePartial(cluster: Cluster, what: 'topics' | 'groups' | 'transactions'): Promise<boolean> {
  const { operations, topics } = await cluster.cachedMetadata([]);
  if (operations === undefined) return false;
  const needed = what === 'transactions' || (what === 'topics' && topics.size === 0) ? describe | alter : describe;
  return (operations & needed) !== needed;
}

/** Added to a message about what a list does not have. */
export const amongVisible = 'of those that this user may describe';

/**
 * Whether this user may change the cluster's users and rules, for dry runs of changes that brokers cannot try out: it takes ALTER on the cluster.
 * True also where the cluster does not tell.
 */
export async function mayAlter(cluster: Cluster): Promise<boolean> {
  const { operations } = await cluster.metadata([], true);
  return operations === undefined || (operations & alter) !== 0;
}
