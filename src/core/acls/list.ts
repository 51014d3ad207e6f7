/** The rules that a cluster has: DescribeAcls. */
import type { Cluster } from '../../kafka/cluster.ts';
import { aclRefusal } from './refusal.ts';
import { type AclFilter, type AclRule, resourceKey, ruleKey } from './rule.ts';
import { ruleOf, wireFilter } from './wire.ts';

/** Fits every rule. */
export const everyRule: AclFilter = {
  resourceType: null,
  resourceName: null,
  patternType: 'ANY',
  principal: null,
  host: null,
  operation: null,
  permission: null,
};

/** More filters than this cost more than one answer with all rules. */
const mostFilters = 50;

/**
 * The rules that fit any of the filters, each once, by resource and principal.
 * @param needed what the user must be allowed to do with the cluster: to change rules, ALTER, which allows DESCRIBE too
 * @throws KtError `refused` without permission, and where the brokers have no authorizer
 */
export async function listAcls(
  cluster: Cluster,
  filters: readonly AclFilter[],
  needed: 'ALTER' | 'DESCRIBE' = 'DESCRIBE',
): Promise<readonly AclRule[]> {
  const found = new Map<string, AclRule>();
  for (let from = 0; from < filters.length; from += mostFilters) {
    const answers = await Promise.all(filters.slice(from, from + mostFilters).map((filter) => ask(cluster, filter, needed)));
    for (const rule of answers.flat()) found.set(ruleKey(rule), rule);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}

async function ask(cluster: Cluster, filter: AclFilter, needed: 'ALTER' | 'DESCRIBE'): Promise<readonly AclRule[]> {
  const { errorCode, errorMessage, resources } = await cluster.request('DescribeAcls', wireFilter(filter));
  if (errorCode !== 0) throw aclRefusal(errorCode, 'rules of the cluster', errorMessage, needed);
  return resources.flatMap(({ acls, ...resource }) => acls.map((acl) => ruleOf({ ...resource, ...acl })));
}

/** Every rule of the resources that these rules name; where they are many, all rules that there are. */
export function rulesBeside(
  cluster: Cluster,
  rules: readonly AclRule[],
  needed: 'ALTER' | 'DESCRIBE' = 'ALTER',
): Promise<readonly AclRule[]> {
  const filters = new Map(
    rules.map((rule): [string, AclFilter] => {
      const { resourceType, resourceName, patternType } = rule;
      return [resourceKey(rule), { ...everyRule, resourceType, resourceName, patternType }];
    }),
  );
  return listAcls(cluster, filters.size > mostFilters ? [everyRule] : [...filters.values()], needed);
}
