/** Compares the quotas of a cluster with what files want, and makes the difference. */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { ApplyOptions, Failures, Planned, PlanOptions } from '../desired/planned.ts';
import { deleteQuotas, setQuotas } from './change.ts';
import { entityKey, type QuotaEntity, type Quotas } from './entity.ts';
import type { DesiredQuotas } from './file.ts';
import { listQuotas } from './list.ts';

/** A quota that is null is not set. */
interface QuotaChange {
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
}

export interface PlannedQuotas extends Planned {
  readonly entity: QuotaEntity;
  /** `create`: it has no quotas yet. */
  readonly action: 'create' | 'change' | 'none';
  readonly changes: readonly QuotaChange[];
  /** Quotas that are set but in no file; they are left alone. */
  readonly unmanaged: Quotas;
}

/**
 * Compares the quotas of the entities that the files name; others are never looked at.
 * @param prune delete the quotas of these entities that stand in no file
 * @returns by entity
 * @throws KtError `refused` without permission
 */
export async function planQuotas(
  cluster: Cluster,
  desired: readonly DesiredQuotas[],
  { prune }: PlanOptions,
): Promise<readonly PlannedQuotas[]> {
  if (desired.length === 0) return [];
  const existing = new Map((await listQuotas(cluster)).map(({ entity, quotas }) => [entityKey(entity), quotas]));
  return [...desired]
    .sort((a, b) => (entityKey(a.entity) < entityKey(b.entity) ? -1 : 1))
    .map((each) => planEntity(each, existing.get(entityKey(each.entity)), prune));
}

function planEntity({ entity, quotas }: DesiredQuotas, existing: Quotas = {}, prune: boolean): PlannedQuotas {
  const set = Object.entries(quotas)
    .filter(([name, value]) => existing[name] !== value)
    .map(([name, value]): QuotaChange => ({ name, before: existing[name] ?? null, after: value }));
  const extra = Object.entries(existing).filter(([name]) => !(name in quotas));
  const deleted = prune ? extra.map(([name, value]): QuotaChange => ({ name, before: value, after: null })) : [];
  const changes = [...set, ...deleted];
  const action = changes.length === 0 ? 'none' : Object.keys(existing).length === 0 ? 'create' : 'change';
  return { entity, action, changes, unmanaged: prune ? {} : Object.fromEntries(extra) };
}

/** Sets the quotas that are missing or other than wanted. */
export async function setPlannedQuotas(
  cluster: Cluster,
  planned: readonly PlannedQuotas[],
  { dryRun }: ApplyOptions,
): Promise<Failures<PlannedQuotas>> {
  const failures = new Map<PlannedQuotas, KtError>();
  for (const each of planned) {
    const wanted = each.changes.flatMap(({ name, after }) => (after === null ? [] : [[name, after] as const]));
    if (wanted.length === 0) continue;
    const { error } = await setQuotas(cluster, each.entity, Object.fromEntries(wanted), dryRun);
    if (error) failures.set(each, error);
  }
  return failures;
}

/** Deletes those that are too many. */
export async function deletePlannedQuotas(
  cluster: Cluster,
  planned: readonly PlannedQuotas[],
  { dryRun }: ApplyOptions,
): Promise<Failures<PlannedQuotas>> {
  const failures = new Map<PlannedQuotas, KtError>();
  for (const each of planned.filter(losesQuotas)) {
    const before = Object.fromEntries(
      each.changes.flatMap(({ name, before, after }) => (after === null && before !== null ? [[name, before]] : [])),
    );
    const quotas = { entity: each.entity, quotas: before };
    const { error } = await deleteQuotas(cluster, quotas, Object.keys(before), dryRun);
    if (error) failures.set(each, error);
  }
  return failures;
}

/** Whether a quota of it is to be deleted. */
export function losesQuotas({ changes }: PlannedQuotas): boolean {
  return changes.some(({ after }) => after === null);
}
