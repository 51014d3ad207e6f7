/** Carries out a plan: first all that creates and changes, then, if none of that failed, all that deletes. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { createRules, deleteRules, type PlannedRule } from '../acls/plan.ts';
import { ruleText } from '../acls/rule.ts';
import { entityText } from '../quotas/entity.ts';
import { deletePlannedQuotas, losesQuotas, type PlannedQuotas, setPlannedQuotas } from '../quotas/plan.ts';
import { changeTopics, deletePlannedTopics } from '../topics/apply.ts';
import type { PlannedTopic } from '../topics/plan.ts';
import { deletePasswords, type PlannedCredential } from '../users/plan.ts';
import { itemsOf, type Plan, type PlannedItem } from './plan.ts';
import { type Applied, type ApplyOptions, applied, checked, type Failures } from './planned.ts';

/** One item of a plan with what became of it, and what it is about. */
export type Outcome =
  | ({ readonly subject: 'topic' } & Applied<PlannedTopic>)
  | ({ readonly subject: 'acl' } & Applied<PlannedRule>)
  | ({ readonly subject: 'user' } & Applied<PlannedCredential>)
  | ({ readonly subject: 'quota' } & Applied<PlannedQuotas>);

/** Of a plan that is only shown: whatever differs from the files fails the check. */
export function checkPlan(plan: Plan): readonly Outcome[] {
  return outcomesOf(plan, checked);
}

/** @returns in the order of the plan; what fails does not stop what creates and changes, and holds back what deletes */
export async function applyPlan(cluster: Cluster, plan: Plan, options: ApplyOptions): Promise<readonly Outcome[]> {
  const { topics, acls, users, quotas } = plan;
  const failures = new Map<PlannedItem, KtError>();
  const note = (more: Failures<PlannedItem>) => {
    for (const [item, error] of more) failures.set(item, error);
  };
  for (const item of itemsOf(plan)) if (item.error) failures.set(item, item.error);
  if (topics) note(await changeTopics(cluster, topics, options));
  note(await createRules(cluster, acls, options));
  note(await setPlannedQuotas(cluster, quotas, options));
  if (failures.size > 0) {
    for (const item of itemsOf(plan)) if (deletes(item) && !failures.has(item)) failures.set(item, heldBack(item));
  } else {
    note(await deletePlannedQuotas(cluster, quotas, options));
    note(await deletePasswords(cluster, users, options));
    note(await deleteRules(cluster, acls, options));
    if (topics) note(await deletePlannedTopics(cluster, topics, options));
  }
  return outcomesOf(plan, <P extends PlannedItem>(item: P) => applied(item, failures, options));
}

function outcomesOf(
  { topics, acls, users, quotas }: Plan,
  outcomeOf: <P extends PlannedItem>(item: P) => Applied<P>,
): readonly Outcome[] {
  return [
    ...(topics?.topics ?? []).map((item) => ({ subject: 'topic' as const, ...outcomeOf(item) })),
    ...acls.map((item) => ({ subject: 'acl' as const, ...outcomeOf(item) })),
    ...users.map((item) => ({ subject: 'user' as const, ...outcomeOf(item) })),
    ...quotas.map((item) => ({ subject: 'quota' as const, ...outcomeOf(item) })),
  ];
}

function deletes(item: PlannedItem): boolean {
  return item.action === 'delete' || ('entity' in item && losesQuotas(item));
}

function heldBack(item: PlannedItem): KtError {
  return new KtError('refused', `${itemText(item)} not deleted (not all else could be changed to match the files)`, {
    hint: 'fix that first, then apply again',
  });
}

function itemText(item: PlannedItem): string {
  if ('topic' in item) return `topic ${item.topic}`;
  if ('principal' in item) return ruleText(item);
  if ('user' in item) return `${item.mechanism} password of user ${item.user}`;
  return `quotas of ${entityText(item.entity)}`;
}
