/** What the words of kafka-acls mean here: the options that say which rules, shared by the commands about rules. */
import { usageError } from '../../base/errors.ts';
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { choice, text } from '../../cli/options.ts';
import {
  type AclFilter,
  type AclRule,
  clusterName,
  type Operation,
  operationsOf,
  type Permission,
  type ResourceType,
  wildcard,
} from '../../core/acls/rule.ts';
import { operationWord, principalName } from './words.ts';

const resourceOptions = {
  topic: repeatable('--topic <name>', "a topic; '*' is every topic", text, { complete: 'topic' }),
  group: repeatable('--group <name>', "a group; '*' is every group", text, { complete: 'group' }),
  cluster: flag('--cluster', 'the cluster itself'),
  transactionalId: repeatable('--transactional-id <id>', "a transactional id; '*' is every one", text),
  delegationToken: repeatable('--delegation-token <id>', "a delegation token; '*' is every one", text),
  userPrincipal: repeatable('--user-principal <principal>', "a user as a resource, for its tokens; '*' is every one", text),
};

const granteeOptions = {
  allowPrincipal: repeatable(
    '--allow-principal <principal>',
    'a principal that a rule allows: User:alice, or User:* for everybody',
    principalName,
  ),
  denyPrincipal: repeatable('--deny-principal <principal>', 'a principal that a rule denies', principalName),
  allowHost: repeatable('--allow-host <address>', 'an IP address that a rule allows', text),
  denyHost: repeatable('--deny-host <address>', 'an IP address that a rule denies', text),
};

const bundleOptions = {
  producer: flag(
    '--producer',
    'all that a producer needs: WRITE, DESCRIBE, CREATE on --topic; WRITE, DESCRIBE on --transactional-id',
  ),
  consumer: flag('--consumer', 'all that a consumer needs: READ, DESCRIBE on --topic; READ on --group'),
  idempotent: flag('--idempotent', 'with --producer: IDEMPOTENT_WRITE on the cluster, which brokers before Kafka 2.8 want'),
};

export const createOptions = {
  ...granteeOptions,
  operation: repeatable('--operation <operation>', 'an operation that a rule allows or denies', operationWord, {
    defaultText: 'ALL',
  }),
  ...resourceOptions,
  resourcePatternType: option(
    '--resource-pattern-type <type>',
    'whether names are whole names or the beginnings of names',
    choice(['literal', 'prefixed']),
    {
      defaultText: 'literal',
    },
  ),
  ...bundleOptions,
};

export const listOptions = {
  ...resourceOptions,
  resourcePatternType: option(
    '--resource-pattern-type <type>',
    'how rules name the resource; match: all that apply to it',
    choice(['literal', 'prefixed', 'any', 'match']),
    { defaultText: 'literal' },
  ),
  principal: repeatable('--principal <principal>', 'rules about this principal, whether they allow or deny', principalName),
  ...granteeOptions,
  operation: repeatable('--operation <operation>', 'rules about this operation', operationWord),
};

export const deleteOptions = { ...listOptions, ...bundleOptions };

type CreateOptions = OptionValues<typeof createOptions>;
type FilterOptions = OptionValues<typeof listOptions> & Partial<OptionValues<typeof bundleOptions>>;
type ResourceOptions = OptionValues<typeof resourceOptions>;

/** Something to do with a resource; null: all of them. */
interface Target {
  readonly resourceType: ResourceType;
  readonly resourceName: string;
  readonly operation: Operation | null;
}

/** Whom and from where; null: whoever, wherever, both. */
interface Grantee {
  readonly principal: string | null;
  readonly host: string | null;
  readonly permission: Permission | null;
}

/**
 * The rules to create.
 * @throws KtError `usage` for what is missing or cannot be combined
 */
export function rulesOf(options: CreateOptions): readonly AclRule[] {
  const pattern = options.resourcePatternType === 'prefixed' ? 'PREFIXED' : 'LITERAL';
  const all = granteesOf(options, wildcard);
  if (all.length === 0)
    throw usageError('acls create (it is not said who)', 'add --allow-principal User:NAME or --deny-principal User:NAME');
  const targets = targetsOf('acls create', options, options.operation.length > 0 ? options.operation : ['ALL']);
  if (targets.length === 0) throw usageError('acls create (it is not said on what)', resourceHint);
  return targets.flatMap(({ resourceType, resourceName, operation }) => {
    if (pattern === 'PREFIXED' && resourceName === wildcard)
      throw usageError(
        "'*' with --resource-pattern-type prefixed (no name begins with it)",
        'leave the pattern type out: * alone is every name',
      );
    const patternType = resourceType === 'CLUSTER' ? 'LITERAL' : pattern;
    return all.map(
      ({ principal, host, permission }): AclRule => ({
        ...{ resourceType, resourceName, patternType, principal: principal!, host: host! },
        ...{ operation: operation!, permission: permission! },
      }),
    );
  });
}

const resourceHint = 'add --topic, --group, --cluster, --transactional-id, --delegation-token or --user-principal';

/**
 * The filters of the rules that are meant; what is left out fits everything.
 * @throws KtError `usage` for what cannot be combined
 */
export function filtersOf(name: string, options: FilterOptions): readonly AclFilter[] {
  const patternType = (options.resourcePatternType ?? 'literal').toUpperCase() as AclFilter['patternType'];
  const operations: readonly (Operation | null)[] = options.operation.length > 0 ? options.operation : [null];
  const grantees: Grantee[] = [
    ...granteesOf(options, null),
    ...options.principal.map((principal) => ({ principal, host: null, permission: null })),
  ];
  if (grantees.length === 0) grantees.push({ principal: null, host: null, permission: null });
  const targets: readonly (Target | Unnamed)[] = targetsOf(name, options, operations);
  const named = targets.length > 0 ? targets : operations.map((operation) => ({ ...unnamed, operation }));
  return named.flatMap((target) =>
    grantees.map((grantee) => ({ patternType: target.resourceName === null ? 'ANY' : patternType, ...target, ...grantee })),
  );
}

const unnamed = { resourceType: null, resourceName: null };
type Unnamed = typeof unnamed & Pick<Target, 'operation'>;

/** @param everywhere the host of those for whom none is named */
function granteesOf(options: OptionValues<typeof granteeOptions>, everywhere: string | null): readonly Grantee[] {
  const { allowPrincipal, allowHost, denyPrincipal, denyHost } = options;
  return [...pairs('ALLOW', allowPrincipal, allowHost, everywhere), ...pairs('DENY', denyPrincipal, denyHost, everywhere)];
}

function pairs(
  permission: Permission,
  principals: readonly string[],
  hosts: readonly string[],
  everywhere: string | null,
): readonly Grantee[] {
  if (principals.length === 0 && hosts.length > 0 && everywhere !== null) {
    const word = permission.toLowerCase();
    throw usageError(`--${word}-host without --${word}-principal`, `add --${word}-principal 'User:*' for everybody`);
  }
  const from = hosts.length > 0 ? hosts : [everywhere];
  const who = principals.length === 0 && hosts.length > 0 ? [null] : principals;
  return who.flatMap((principal) => from.map((host) => ({ principal, host, permission })));
}

function targetsOf(
  name: string,
  options: ResourceOptions &
    Partial<OptionValues<typeof bundleOptions>> &
    Pick<CreateOptions, 'operation' | 'denyPrincipal' | 'denyHost'>,
  operations: readonly (Operation | null)[],
): readonly Target[] {
  if (options.producer || options.consumer) return bundleTargets(name, options);
  if (options.idempotent)
    throw usageError('--idempotent without --producer', 'add --producer, or write --cluster --operation IDEMPOTENT_WRITE');
  return namedResources(options).flatMap((resource) =>
    operations.map((operation) => {
      if (operation !== null && operation !== 'ALL' && !operationsOf[resource.resourceType].includes(operation))
        throw usageError(
          `--operation ${operation} (nothing that can be done with a ${inWords(resource.resourceType)})`,
          `choose one of ALL, ${operationsOf[resource.resourceType].join(', ')}`,
        );
      return { ...resource, operation };
    }),
  );
}

function inWords(type: ResourceType): string {
  return type === 'TRANSACTIONAL_ID' ? 'transactional id' : type.toLowerCase().replace('_', ' ');
}

function namedResources(options: ResourceOptions): readonly Omit<Target, 'operation'>[] {
  const named = (resourceType: ResourceType, names: readonly string[]) =>
    names.map((resourceName) => ({ resourceType, resourceName }));
  return [
    ...named('TOPIC', options.topic),
    ...named('GROUP', options.group),
    ...named('CLUSTER', options.cluster ? [clusterName] : []),
    ...named('TRANSACTIONAL_ID', options.transactionalId),
    ...named('DELEGATION_TOKEN', options.delegationToken),
    ...named('USER', options.userPrincipal),
  ];
}

/** What producers and consumers need, as kafka-acls has it. */
function bundleTargets(
  name: string,
  options: ResourceOptions &
    Partial<OptionValues<typeof bundleOptions>> &
    Pick<CreateOptions, 'operation' | 'denyPrincipal' | 'denyHost'>,
): readonly Target[] {
  const { producer, consumer, idempotent, topic, group, transactionalId } = options;
  const which = [producer && '--producer', consumer && '--consumer'].filter(Boolean).join(' and ');
  const unfit: [boolean, string][] = [
    [options.operation.length > 0, '--operation'],
    [options.denyPrincipal.length > 0, '--deny-principal'],
    [options.denyHost.length > 0, '--deny-host'],
    [options.cluster, '--cluster'],
    [options.delegationToken.length > 0, '--delegation-token'],
    [options.userPrincipal.length > 0, '--user-principal'],
    [group.length > 0 && !consumer, '--group'],
    [transactionalId.length > 0 && !producer, '--transactional-id'],
  ];
  const found = unfit.find(([given]) => given);
  if (found)
    throw usageError(
      `${which} with ${found[1]} (it stands for rules of its own)`,
      `leave ${found[1]} out, or run kt ${name} once more for it`,
    );
  if (topic.length === 0) throw usageError(`${which} without --topic`, 'name the topics with --topic');
  if (consumer && group.length === 0) throw usageError('--consumer without --group', 'name the groups with --group');
  if (idempotent && !producer) throw usageError('--idempotent without --producer', 'add --producer');
  const each = (resourceType: ResourceType, names: readonly string[], operations: readonly Operation[]) =>
    names.flatMap((resourceName) => operations.map((operation) => ({ resourceType, resourceName, operation })));
  return [
    ...(producer ? each('TOPIC', topic, ['WRITE', 'DESCRIBE', 'CREATE']) : []),
    ...(producer ? each('TRANSACTIONAL_ID', transactionalId, ['WRITE', 'DESCRIBE']) : []),
    ...(idempotent ? each('CLUSTER', [clusterName], ['IDEMPOTENT_WRITE']) : []),
    ...(consumer ? each('TOPIC', topic, ['READ', 'DESCRIBE']) : []),
    ...(consumer ? each('GROUP', group, ['READ']) : []),
  ];
}
