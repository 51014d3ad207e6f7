/** Who may do something, from the rules alone, weighed as Kafka's StandardAuthorizer does (KIP-801). */
import { type AclRule, everybody, type Operation, type Permission, type ResourceType, wildcard } from './rule.ts';

/** What somebody wants to do. */
export interface Action {
  readonly operation: Operation;
  readonly resourceType: ResourceType;
  readonly resourceName: string;
}

/** Whether somebody may, and the rules that say so: those that deny, or else those that allow; none where no rule allows it. */
export interface Verdict {
  /** `User:*` is everybody whom no other row names. */
  readonly principal: string;
  /** `*` is every host that no other row of the principal names. */
  readonly host: string;
  readonly permission: Permission;
  readonly rules: readonly AclRule[];
}

/** Rules that allow one of these allow DESCRIBE or DESCRIBE_CONFIGS with it; a rule that denies denies nothing else. */
const implying: Readonly<Partial<Record<Operation, readonly Operation[]>>> = {
  DESCRIBE: ['READ', 'WRITE', 'DELETE', 'ALTER'],
  DESCRIBE_CONFIGS: ['ALTER_CONFIGS'],
};

/**
 * The rules that bear on an action, whoever does it from wherever.
 * @param rules all rules that apply to the resource, or more
 */
export function bearingOn({ operation, resourceType, resourceName }: Action, rules: readonly AclRule[]): readonly AclRule[] {
  return rules.filter((rule) => {
    if (rule.resourceType !== resourceType || !coversName(rule, resourceName)) return false;
    if (rule.operation === 'ALL' || rule.operation === operation) return true;
    return rule.permission === 'ALLOW' && implying[operation]?.includes(rule.operation) === true;
  });
}

/** Whether a rule is about the resource of this name. */
function coversName({ patternType, resourceName }: Pick<AclRule, 'patternType' | 'resourceName'>, name: string): boolean {
  if (patternType === 'PREFIXED') return name.startsWith(resourceName);
  return resourceName === name || resourceName === wildcard;
}

/**
 * Whether one principal may, from one host. A rule that denies outweighs all that allow; without any rule the answer is no.
 * @param rules those that bear on the action
 */
export function verdictOn(rules: readonly AclRule[], principal: string, host: string): Verdict {
  const own = rules.filter(
    (rule) => (rule.principal === principal || rule.principal === everybody) && (rule.host === host || rule.host === wildcard),
  );
  const denying = own.filter(({ permission }) => permission === 'DENY');
  const allowing = own.filter(({ permission }) => permission === 'ALLOW');
  if (denying.length > 0 || allowing.length === 0) return { principal, host, permission: 'DENY', rules: denying };
  return { principal, host, permission: 'ALLOW', rules: allowing };
}

/**
 * One principal's verdicts: from one host, or for every host and for those hosts where the answer is another, or one that a rule gives.
 * @param rules those that bear on the action
 */
export function verdictsOn(rules: readonly AclRule[], principal: string, host?: string): readonly Verdict[] {
  if (host !== undefined) return [verdictOn(rules, principal, host)];
  const everywhere = verdictOn(rules, principal, wildcard);
  const hosts = new Set(rules.map(({ host }) => host).filter((host) => host !== wildcard));
  const elsewhere = [...hosts].sort().map((host) => verdictOn(rules, principal, host));
  return [everywhere, ...elsewhere.filter((verdict) => kindOf(verdict) !== kindOf(everywhere))];
}

/**
 * The verdicts on everybody whom the rules name, sorted; who is only not allowed, like all whom no rule names, is left out.
 * @param rules those that bear on the action
 */
export function whoCan(rules: readonly AclRule[], host?: string): readonly Verdict[] {
  const principals = [...new Set(rules.map(({ principal }) => principal))].sort();
  const verdicts = principals.flatMap((principal) => verdictsOn(rules, principal, host));
  return verdicts.filter((verdict) => verdict.rules.length > 0);
}

/** A rule that denies is another answer than no rule that allows: it also keeps out of what `User:*` may. */
function kindOf({ permission, rules }: Verdict): string {
  return `${permission} ${rules.length > 0}`;
}
