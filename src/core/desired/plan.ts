/** Compares a cluster with what files want, section by section; changes nothing. */
import type { Cluster } from '../../kafka/cluster.ts';
import { type PlannedRule, planRules } from '../acls/plan.ts';
import { losesQuotas, type PlannedQuotas, planQuotas } from '../quotas/plan.ts';
import type { DeletionPlan } from '../topics/delete.ts';
import { type PlannedTopic, planTopics, type TopicsPlan } from '../topics/plan.ts';
import { type PlannedCredential, planUsers } from '../users/plan.ts';
import type { PlanOptions } from './planned.ts';
import type { Desired } from './read.ts';

export interface Plan {
  /** Undefined: no file has a section about topics. */
  readonly topics: TopicsPlan | undefined;
  readonly acls: readonly PlannedRule[];
  readonly users: readonly PlannedCredential[];
  readonly quotas: readonly PlannedQuotas[];
}

export type PlannedItem = PlannedTopic | PlannedRule | PlannedCredential | PlannedQuotas;

/**
 * Compares what the files have sections about.
 * @param isCheck only to be shown: it then takes less permission
 * @throws KtError `refused` where rules, users or quotas cannot be seen
 */
export async function makePlan(
  cluster: Cluster,
  desired: Desired,
  options: PlanOptions & { readonly isCheck: boolean },
): Promise<Plan> {
  const { topics, acls = [], users = [], quotas = [] } = desired;
  return {
    topics: topics && (await planTopics(cluster, topics, options)),
    acls: await planRules(cluster, acls, options, options.isCheck ? 'DESCRIBE' : 'ALTER'),
    users: await planUsers(cluster, users, options),
    quotas: await planQuotas(cluster, quotas, options),
  };
}

/** All of a plan, in the order in which it is shown. */
export function itemsOf({ topics, acls, users, quotas }: Plan): readonly PlannedItem[] {
  return [...(topics?.topics ?? []), ...acls, ...users, ...quotas];
}

/** What a plan deletes; configs of topics, which are changes, are not among it. */
interface Doomed {
  readonly topics: DeletionPlan['topics'];
  readonly acls: readonly PlannedRule[];
  readonly users: readonly PlannedCredential[];
  readonly quotas: readonly PlannedQuotas[];
}

/** What is to go: nothing if anything else cannot be made to match, because the files may be meant for another cluster. */
export function doomedOf(plan: Plan): Doomed {
  if (itemsOf(plan).some(({ error }) => error)) return { topics: [], acls: [], users: [], quotas: [] };
  return {
    topics: plan.topics?.deletion.topics ?? [],
    acls: plan.acls.filter(isDeleted),
    users: plan.users.filter(isDeleted),
    quotas: plan.quotas.filter(losesQuotas),
  };
}

function isDeleted({ action }: PlannedItem): boolean {
  return action === 'delete';
}
