/** What a rule of an access control list says, in Kafka's capital words, and the protocol's number of each word. */

export const resourceTypes = ['TOPIC', 'GROUP', 'CLUSTER', 'TRANSACTIONAL_ID', 'DELEGATION_TOKEN', 'USER'] as const;
export type ResourceType = (typeof resourceTypes)[number];

/** How a rule names its resource. */
export const patternTypes = ['LITERAL', 'PREFIXED'] as const;
type PatternType = (typeof patternTypes)[number];
/** What a filter may ask for besides: `ANY` how the rule names it, or `MATCH`, all rules that apply to the name. */
export type PatternFilter = PatternType | 'ANY' | 'MATCH';

export const operations = [
  'ALL',
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
  'CREATE_TOKENS',
  'DESCRIBE_TOKENS',
  'TWO_PHASE_COMMIT',
] as const;
export type Operation = (typeof operations)[number];

export const permissions = ['ALLOW', 'DENY'] as const;
export type Permission = (typeof permissions)[number];

/** One rule. Its fields are those of its row in JSON. */
export interface AclRule {
  readonly resourceType: ResourceType;
  /** `*` stands for every resource of the type where the pattern is `LITERAL`. */
  readonly resourceName: string;
  readonly patternType: PatternType;
  /** `User:alice`; `User:*` is everybody. */
  readonly principal: string;
  /** An IP address; `*` is every one. */
  readonly host: string;
  readonly operation: Operation;
  readonly permission: Permission;
}

/** Which rules are meant: null fits everything. */
export interface AclFilter {
  readonly resourceType: ResourceType | null;
  readonly resourceName: string | null;
  readonly patternType: PatternFilter;
  readonly principal: string | null;
  readonly host: string | null;
  readonly operation: Operation | null;
  readonly permission: Permission | null;
}

/** The one name that a resource of type CLUSTER can have. */
export const clusterName = 'kafka-cluster';
/** Everybody, whatever the type of a principal (Kafka's StandardAuthorizer). */
export const everybody = 'User:*';
/** Every host, and as the name of a literal resource every one of its type. */
export const wildcard = '*';

/** What can be done with each type of resource, besides ALL (Kafka's AclEntry). */
export const operationsOf: Readonly<Record<ResourceType, readonly Operation[]>> = {
  TOPIC: ['READ', 'WRITE', 'CREATE', 'DELETE', 'ALTER', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  GROUP: ['READ', 'DELETE', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  CLUSTER: ['CREATE', 'ALTER', 'DESCRIBE', 'CLUSTER_ACTION', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'IDEMPOTENT_WRITE'],
  TRANSACTIONAL_ID: ['WRITE', 'DESCRIBE', 'TWO_PHASE_COMMIT'],
  DELEGATION_TOKEN: ['DESCRIBE'],
  USER: ['CREATE_TOKENS', 'DESCRIBE_TOKENS'],
};

/** A rule's identity: two rules with the same text are the same rule. */
export function ruleKey(rule: AclRule): string {
  const { resourceType, patternType, resourceName, principal, host, operation, permission } = rule;
  return JSON.stringify([resourceType, patternType, resourceName, principal, host, operation, permission]);
}

/** The identity of what a rule is about: of the topic `orders`, or of all topics whose names begin so. */
export function resourceKey({ resourceType, resourceName, patternType }: Resource): string {
  return JSON.stringify([resourceType, resourceName, patternType]);
}

type Resource = Pick<AclRule, 'resourceType' | 'resourceName' | 'patternType'>;

/** `ALLOW READ on TOPIC orders to User:alice`, with what is not the usual: the prefix, the host. */
export function ruleText({ permission, operation, principal, host, ...resource }: AclRule): string {
  return `${permission} ${operation} on ${resourceText(resource)} to ${principal}${host === wildcard ? '' : ` from ${host}`}`;
}

function resourceText({ resourceType, resourceName, patternType }: Resource): string {
  return `${resourceType} ${resourceName}${patternType === 'PREFIXED' ? '…' : ''}`;
}
