/** Makes rules: CreateAcls, with an outcome for each. */
import type { Cluster } from '../../kafka/cluster.ts';
import { ErrorCode, leftOut } from '../../kafka/wire/errors.ts';
import { mayAlter } from '../cluster/visibility.ts';
import { untilSeen } from '../topics/until-seen.ts';
import { rulesBeside } from './list.ts';
import { type AclOutcome, outcomeOf } from './outcome.ts';
import { aclRefusal } from './refusal.ts';
import { type AclRule, ruleKey, ruleText } from './rule.ts';
import { wireRule } from './wire.ts';

/** The controller applies a request as one change, and takes up to 10,000 records in it. */
const rulesPerRequest = 1_000;

/**
 * Makes those of the rules that are not there yet; resolves when the broker knows them.
 * @param dryRun only looks which there are; a user who may not make rules is told so
 * @returns an outcome for each rule, in their order, a rule that is named twice once
 * @throws KtError `refused` where the rules that are there cannot be seen
 */
export async function createAcls(cluster: Cluster, rules: readonly AclRule[], dryRun: boolean): Promise<readonly AclOutcome[]> {
  const wanted = new Map(rules.map((rule) => [ruleKey(rule), rule]));
  const there = keysOf(await rulesBeside(cluster, rules));
  const missing = [...wanted].filter(([key]) => !there.has(key)).map(([, rule]) => rule);
  const made = new Map(
    (await (dryRun ? tried : send)(cluster, missing)).map((outcome, at) => [ruleKey(missing[at]!), outcome]),
  );
  const created = missing.filter((rule) => made.get(ruleKey(rule))!.status === 'created');
  if (created.length > 0)
    await untilSeen(cluster, async () => {
      const seen = keysOf(await rulesBeside(cluster, created));
      return created.every((rule) => seen.has(ruleKey(rule)));
    });
  return [...wanted].map(([key, rule]) => made.get(key) ?? outcomeOf(rule, 'exists'));
}

function keysOf(rules: readonly AclRule[]): ReadonlySet<string> {
  return new Set(rules.map(ruleKey));
}

async function tried(cluster: Cluster, rules: readonly AclRule[]): Promise<readonly AclOutcome[]> {
  const isAllowed = await mayAlter(cluster);
  const refusal = ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
  return rules.map((rule) => outcomeOf(rule, 'valid', isAllowed ? undefined : notCreated(rule, refusal, null)));
}

async function send(cluster: Cluster, rules: readonly AclRule[]): Promise<readonly AclOutcome[]> {
  const outcomes: AclOutcome[] = [];
  for (let from = 0; from < rules.length; from += rulesPerRequest) {
    const part = rules.slice(from, from + rulesPerRequest);
    const { results } = await cluster.request('CreateAcls', { creations: part.map(wireRule) }, 'controller');
    for (const [at, rule] of part.entries()) {
      const { errorCode, errorMessage } = results[at] ?? { errorCode: leftOut, errorMessage: null };
      outcomes.push(outcomeOf(rule, 'created', errorCode === 0 ? undefined : notCreated(rule, errorCode, errorMessage)));
    }
  }
  return outcomes;
}

function notCreated(rule: AclRule, errorCode: number, message: string | null) {
  return aclRefusal(errorCode, `${ruleText(rule)} not created`, message, 'ALTER');
}
