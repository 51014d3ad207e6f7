/** Compares the rules of a cluster with what files want, and makes the difference. */
import type { Cluster } from '../../kafka/cluster.ts';
import type { ApplyOptions, Failures, Planned, PlanOptions } from '../desired/planned.ts';
import { createAcls } from './create.ts';
import { deleteAcls } from './delete.ts';
import { rulesBeside } from './list.ts';
import { type AclRule, resourceKey, ruleKey } from './rule.ts';

/** A rule has nothing that could change: it is there or not. */
export interface PlannedRule extends AclRule, Planned {
  readonly action: 'create' | 'delete' | 'none' | 'unmanaged';
}

/**
 * Compares the rules on the resources that the files name; rules on any others are never looked at.
 * @param prune delete the rules on these resources that stand in no file
 * @param needed what the user must be allowed to do with the cluster
 * @returns each rule once, by resource and principal
 * @throws KtError `refused` without permission, and where the brokers have no authorizer
 */
export async function planRules(
  cluster: Cluster,
  desired: readonly AclRule[],
  { prune }: PlanOptions,
  needed: 'ALTER' | 'DESCRIBE',
): Promise<readonly PlannedRule[]> {
  const wanted = new Map(desired.map((rule) => [ruleKey(rule), rule]));
  const resources = new Set(desired.map(resourceKey));
  const there = new Map(
    (await rulesBeside(cluster, desired, needed))
      .filter((rule) => resources.has(resourceKey(rule)))
      .map((rule) => [ruleKey(rule), rule]),
  );
  return [...new Map([...there, ...wanted])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, rule]) => ({ ...rule, action: actionOn(there.has(key), wanted.has(key), prune) }));
}

function actionOn(isThere: boolean, isWanted: boolean, prune: boolean): PlannedRule['action'] {
  if (isWanted) return isThere ? 'none' : 'create';
  return prune ? 'delete' : 'unmanaged';
}

/** Makes the rules that are missing. */
export async function createRules(
  cluster: Cluster,
  planned: readonly PlannedRule[],
  { dryRun }: ApplyOptions,
): Promise<Failures<PlannedRule>> {
  const missing = planned.filter(({ action }) => action === 'create');
  return failuresOf(missing, missing.length > 0 ? await createAcls(cluster, missing, dryRun) : []);
}

/** Deletes those that are too many. */
export async function deleteRules(
  cluster: Cluster,
  planned: readonly PlannedRule[],
  { dryRun }: ApplyOptions,
): Promise<Failures<PlannedRule>> {
  const doomed = planned.filter(({ action }) => action === 'delete');
  return failuresOf(doomed, doomed.length > 0 ? await deleteAcls(cluster, doomed, dryRun) : []);
}

function failuresOf(planned: readonly PlannedRule[], outcomes: Awaited<ReturnType<typeof createAcls>>): Failures<PlannedRule> {
  return new Map(planned.flatMap((rule, at) => (outcomes[at]?.error ? [[rule, outcomes[at].error]] : [])));
}
