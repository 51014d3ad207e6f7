/** The quotas that are set: DescribeClientQuotas (KIP-546). */
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { entityKey, entityOf, type QuotaEntity, type Quotas, wireEntity } from './entity.ts';

export interface EntityQuotas {
  readonly entity: QuotaEntity;
  readonly quotas: Quotas;
}

const exactly = 0;
const theDefault = 1;

/**
 * What is set for all entities, or for those with these parts and any others.
 * @param onLeftOut told the types of an entity that has a part newer than kt: it is not in the list
 * @throws KtError `refused` without permission
 */
export async function listQuotas(
  cluster: Cluster,
  parts: QuotaEntity = {},
  onLeftOut: (types: readonly string[]) => void = () => {},
): Promise<readonly EntityQuotas[]> {
  const components = wireEntity(parts).map(({ entityType, entityName }) => ({
    entityType,
    matchType: entityName === null ? theDefault : exactly,
    match: entityName,
  }));
  const answer = await cluster.request('DescribeClientQuotas', { components, strict: false });
  if (answer.errorCode !== 0)
    throw refusedFor(answer.errorCode, 'quotas of the cluster', { cluster: ['DESCRIBE_CONFIGS'] }, answer.errorMessage);
  const found = (answer.entries ?? []).flatMap(({ entity: wire, values }) => {
    const entity = entityOf(wire);
    if (!entity) onLeftOut(wire.map(({ entityType }) => entityType));
    return entity ? [{ entity, quotas: Object.fromEntries(values.map(({ key, value }) => [key, value]).sort()) }] : [];
  });
  return found.sort((a, b) => (entityKey(a.entity) < entityKey(b.entity) ? -1 : 1));
}

/** The quotas of exactly this entity. */
export async function quotasOf(cluster: Cluster, entity: QuotaEntity): Promise<Quotas> {
  const listed = await listQuotas(cluster, entity);
  return listed.find((each) => entityKey(each.entity) === entityKey(entity))?.quotas ?? {};
}
