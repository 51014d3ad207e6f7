/** Deletes rules: DeleteAcls, each by a filter that fits it alone, so that nothing goes that was not shown. */
import type { Cluster } from '../../kafka/cluster.ts';
import { ErrorCode, leftOut } from '../../kafka/wire/errors.ts';
import { mayAlter } from '../cluster/visibility.ts';
import { untilSeen } from '../topics/until-seen.ts';
import { rulesBeside } from './list.ts';
import { type AclOutcome, outcomeOf } from './outcome.ts';
import { aclRefusal } from './refusal.ts';
import { type AclRule, ruleKey, ruleText } from './rule.ts';
import { wireFilter } from './wire.ts';

const rulesPerRequest = 1_000;

/**
 * Deletes the rules; resolves when the broker no longer knows them. One that another process deleted meanwhile is `absent`.
 * @param dryRun deletes nothing; a user who may not delete rules is told so
 * @returns in the order of `rules`
 */
export async function deleteAcls(cluster: Cluster, rules: readonly AclRule[], dryRun = false): Promise<readonly AclOutcome[]> {
  if (dryRun) return tried(cluster, rules);
  const outcomes: AclOutcome[] = [];
  for (let from = 0; from < rules.length; from += rulesPerRequest) {
    const part = rules.slice(from, from + rulesPerRequest);
    const { filterResults } = await cluster.request('DeleteAcls', { filters: part.map(wireFilter) }, 'controller');
    for (const [at, rule] of part.entries()) {
      const result = filterResults[at] ?? { errorCode: leftOut, errorMessage: null, matchingAcls: [] };
      const failure = [result, ...result.matchingAcls].find(({ errorCode }) => errorCode !== 0);
      const error = failure && notDeleted(rule, failure.errorCode, failure.errorMessage);
      outcomes.push(outcomeOf(rule, result.matchingAcls.length > 0 ? 'deleted' : 'absent', error));
    }
  }
  const gone = rules.filter((_, at) => outcomes[at]!.status === 'deleted');
  const keys = new Set(gone.map(ruleKey));
  if (gone.length > 0)
    await untilSeen(cluster, async () => !(await rulesBeside(cluster, gone)).some((rule) => keys.has(ruleKey(rule))));
  return outcomes;
}

async function tried(cluster: Cluster, rules: readonly AclRule[]): Promise<readonly AclOutcome[]> {
  const isAllowed = await mayAlter(cluster);
  const refusal = ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
  return rules.map((rule) => outcomeOf(rule, 'valid', isAllowed ? undefined : notDeleted(rule, refusal, null)));
}

function notDeleted(rule: AclRule, errorCode: number, message: string | null) {
  return aclRefusal(errorCode, `${ruleText(rule)} not deleted`, message, 'ALTER');
}
