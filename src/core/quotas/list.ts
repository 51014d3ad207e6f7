/** The quotas that are set: DescribeClientQuotas (KIP-546). */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { errorOf, refused } from '../../kafka/wire/errors.ts';
import { type EntityPart, entityKey, entityOf, entityTypes, type QuotaEntity, type Quotas } from './entity.ts';

export interface EntityQuotas {
  readonly entity: QuotaEntity;
  readonly quotas: Quotas;
}

const exactly = 0;
const theDefault = 1;

/**
 * What is set for all entities, or for those with these parts and any others.
 * @throws KtError `refused` without permission
 */
export async function listQuotas(cluster: Cluster, parts: QuotaEntity = {}): Promise<readonly EntityQuotas[]> {
  const components = (Object.keys(entityTypes) as EntityPart[])
    .filter((part) => parts[part] !== undefined)
    .map((part) => {
      const name = parts[part] ?? null;
      return { entityType: entityTypes[part], matchType: name === null ? theDefault : exactly, match: name };
    });
  const answer = await cluster.request('DescribeClientQuotas', { components, strict: false });
  if (answer.errorCode !== 0)
    throw quotaRefusal(answer.errorCode, 'quotas of the cluster', answer.errorMessage, 'DESCRIBE_CONFIGS');
  const found = (answer.entries ?? []).flatMap(({ entity: wire, values }) => {
    const entity = entityOf(wire);
    return entity ? [{ entity, quotas: Object.fromEntries(values.map(({ key, value }) => [key, value]).sort()) }] : [];
  });
  return found.sort((a, b) => (entityKey(a.entity) < entityKey(b.entity) ? -1 : 1));
}

/** The quotas of exactly this entity. */
export async function quotasOf(cluster: Cluster, entity: QuotaEntity): Promise<Quotas> {
  const listed = await listQuotas(cluster, entity);
  return listed.find((each) => entityKey(each.entity) === entityKey(entity))?.quotas ?? {};
}

/** The `refused` error of an answer; a missing permission is named. */
export function quotaRefusal(
  errorCode: number,
  what: string,
  message: string | null,
  operation: 'ALTER_CONFIGS' | 'DESCRIBE_CONFIGS',
): KtError {
  const hint = permissionHint(errorOf(errorCode).name, operation, 'the cluster');
  return refused(errorCode, what, hint ? `no permission: ${operation} on the cluster` : message, hint);
}
