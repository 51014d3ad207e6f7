/** Sets and deletes quotas of one entity: AlterClientQuotas (KIP-546). */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { leftOut } from '../../kafka/wire/errors.ts';
import { untilSeen } from '../topics/until-seen.ts';
import { entityText, type QuotaEntity, type Quotas, wireEntity } from './entity.ts';
import { type EntityQuotas, quotasOf } from './list.ts';

/** An entity with the quotas that it has afterwards. */
export interface QuotaOutcome extends EntityQuotas {
  /** `valid`: a dry run that the cluster would have accepted; `unchanged`: nothing had to change; `absent`: none was set. */
  readonly status: 'set' | 'unchanged' | 'deleted' | 'absent' | 'valid' | 'failed';
  readonly error?: KtError;
}

/** Sets these quotas and leaves the entity's others as they are; resolves when the broker knows them. */
export async function setQuotas(cluster: Cluster, entity: QuotaEntity, quotas: Quotas, dryRun: boolean): Promise<QuotaOutcome> {
  const before = await quotasOf(cluster, entity);
  const after = { ...before, ...quotas };
  const changed = Object.keys(quotas).some((name) => before[name] !== quotas[name]);
  if (!changed) return { entity, quotas: before, status: 'unchanged' };
  const ops = Object.entries(quotas).map(([key, value]) => ({ key, value, remove: false }));
  const error = await alter(cluster, entity, ops, dryRun, 'set');
  if (error) return { entity, quotas: before, status: 'failed', error };
  if (dryRun) return { entity, quotas: after, status: 'valid' };
  await untilSeen(cluster, async () => {
    const seen = await quotasOf(cluster, entity);
    return Object.entries(quotas).every(([name, value]) => seen[name] === value);
  });
  return { entity, quotas: after, status: 'set' };
}

/**
 * Deletes quotas of an entity; resolves when the broker no longer knows them.
 * @param before those that the entity has
 * @param names those to delete
 */
export async function deleteQuotas(
  cluster: Cluster,
  { entity, quotas: before }: EntityQuotas,
  names: readonly string[],
  dryRun: boolean,
): Promise<QuotaOutcome> {
  const gone = names.filter((name) => name in before);
  const after = Object.fromEntries(Object.entries(before).filter(([name]) => !gone.includes(name)));
  if (gone.length === 0) return { entity, quotas: before, status: 'absent' };
  const ops = gone.map((key) => ({ key, value: 0, remove: true }));
  const error = await alter(cluster, entity, ops, dryRun, 'deleted');
  if (error) return { entity, quotas: before, status: 'failed', error };
  if (dryRun) return { entity, quotas: after, status: 'valid' };
  await untilSeen(cluster, async () => {
    const seen = await quotasOf(cluster, entity);
    return gone.every((name) => !(name in seen));
  });
  return { entity, quotas: after, status: 'deleted' };
}

interface Operation {
  readonly key: string;
  readonly value: number;
  readonly remove: boolean;
}

async function alter(
  cluster: Cluster,
  entity: QuotaEntity,
  ops: readonly Operation[],
  validateOnly: boolean,
  what: string,
): Promise<KtError | undefined> {
  const body = { entries: [{ entity: wireEntity(entity), ops }], validateOnly };
  const { entries } = await cluster.request('AlterClientQuotas', body, 'controller');
  const { errorCode, errorMessage } = entries[0] ?? { errorCode: leftOut, errorMessage: null };
  if (errorCode === 0) return undefined;
  return refusedFor(errorCode, `quotas of ${entityText(entity)} not ${what}`, { cluster: ['ALTER_CONFIGS'] }, errorMessage);
}
