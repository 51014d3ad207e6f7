/** The protocol's number of each word of a rule; 1 is any. */
import type { ResponseBodies } from '../../kafka/wire/generated/types.ts';
import type { AclFilter, AclRule, Operation, PatternFilter, Permission, ResourceType } from './rule.ts';

const any = 1;

const resourceCodes: Readonly<Record<ResourceType, number>> = {
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
};

const patternCodes: Readonly<Record<PatternFilter, number>> = { ANY: any, MATCH: 2, LITERAL: 3, PREFIXED: 4 };

export const operationCodes: Readonly<Record<Operation, number>> = {
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
};

const permissionCodes: Readonly<Record<Permission, number>> = { DENY: 2, ALLOW: 3 };

/** A rule as requests carry it. */
export function wireRule({ resourceType, resourceName, patternType, principal, host, operation, permission }: AclRule) {
  return {
    resourceType: resourceCodes[resourceType],
    resourceName,
    resourcePatternType: patternCodes[patternType],
    principal,
    host,
    operation: operationCodes[operation],
    permissionType: permissionCodes[permission],
  };
}

/** A filter as requests carry it. */
export function wireFilter({ resourceType, resourceName, patternType, principal, host, operation, permission }: AclFilter) {
  return {
    resourceTypeFilter: resourceType === null ? any : resourceCodes[resourceType],
    resourceNameFilter: resourceName,
    patternTypeFilter: patternCodes[patternType],
    principalFilter: principal,
    hostFilter: host,
    operation: operation === null ? any : operationCodes[operation],
    permissionType: permission === null ? any : permissionCodes[permission],
  };
}

type WireResource = ResponseBodies['DescribeAcls']['resources'][number];
/** What an answer says of a rule. */
type WireRule = Omit<WireResource, 'acls'> & WireResource['acls'][number];

/** A rule of an answer; a word newer than kt is `UNKNOWN_n`. */
export function ruleOf(rule: WireRule): AclRule {
  return {
    resourceType: wordOf(resourceCodes, rule.resourceType),
    resourceName: rule.resourceName,
    patternType: wordOf(patternCodes, rule.patternType) as AclRule['patternType'],
    principal: rule.principal,
    host: rule.host,
    operation: wordOf(operationCodes, rule.operation),
    permission: wordOf(permissionCodes, rule.permissionType),
  };
}

function wordOf<W extends string>(codes: Readonly<Record<W, number>>, code: number): W {
  for (const word in codes) if (codes[word] === code) return word;
  return `UNKNOWN_${code}` as W;
}
