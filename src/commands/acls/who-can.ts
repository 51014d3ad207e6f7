/** `kt acls who-can`: whom the rules let do something, and a check of one principal. */
import { KtError, usageError } from '../../base/errors.ts';
import { argument, option, optionalArgument } from '../../cli/define.ts';
import { readAs } from '../../cli/options.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { everyRule, listAcls } from '../../core/acls/list.ts';
import { clusterName, type Operation, operationsOf, type ResourceType, ruleText, wildcard } from '../../core/acls/rule.ts';
import { unmatchedParts } from '../../core/acls/unmatched.ts';
import { type Action, bearingOn, type Verdict, verdictsOn, whoCan } from '../../core/acls/who-can.ts';
import { canNameTopic } from '../../core/topics/topic-name.ts';
import { ruleFields } from './shape.ts';
import { clientAddress, operationWord, principalName, resourceTypeWord } from './words.ts';

interface Answer {
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly KtError[];
}

const shows: TableShape<Answer> = {
  kind: 'table',
  isList: true,
  blocks: ({ verdicts }) => [
    {
      columns: [
        { header: 'PRINCIPAL', get: ({ principal }: Verdict) => principal, tone: () => 'strong' },
        { header: 'HOST', get: ({ host }: Verdict) => host },
        {
          header: 'PERMISSION',
          get: ({ permission }: Verdict) => permission,
          tone: ({ permission }: Verdict) => (permission === 'DENY' ? 'bad' : 'good'),
        },
        { header: 'RULES', get: ({ rules }: Verdict) => rules.map(ruleText).join('; ') || null },
      ],
      rows: verdicts,
    },
  ],
  names: ({ verdicts }) => verdicts.filter(({ permission }) => permission === 'ALLOW').map(({ principal }) => principal),
  json: ({ verdicts }) => verdicts,
  problems: ({ problems }) => problems,
  fields: {
    principal: 'User:* is everybody whom no other row names',
    host: '* is every host that no other row of the principal names',
    permission: 'ALLOW or DENY',
    rules: 'the rules that decide: those that deny, or else those that allow; empty where no rule allows it',
    ...ruleFields('rules[].'),
  },
};

export const aclsWhoCan = command({
  name: 'acls who-can',
  summary: 'Tell who may do something, from the rules',
  description:
    'Weighs the rules as Kafka’s own authorizer does: one rule that denies outweighs all that allow; READ, WRITE, DELETE and ALTER allow DESCRIBE too, ALTER_CONFIGS allows DESCRIBE_CONFIGS; rules for a prefix, for * and for User:* count. Shows everybody whom a rule names; all others may not. With --principal it is a check: exit 1 when the answer is DENY, from any host if --host is not given. Super users may do everything and are in no rule.',
  args: {
    operation: argument('operation', 'READ, WRITE, …, in any spelling'),
    resourceType: argument('resource-type', 'TOPIC, GROUP, CLUSTER, TRANSACTIONAL_ID, DELEGATION_TOKEN or USER'),
    name: optionalArgument('name', 'name of the resource; a cluster needs none'),
  },
  options: {
    principal: option('--principal <principal>', 'check only this principal: User:alice', principalName),
    host: option('--host <address>', 'from this IP address only, as the brokers see it', clientAddress),
  },
  shows,
  examples: [
    { line: 'kt acls who-can READ topic orders', does: 'show who may read a topic' },
    { line: 'kt acls who-can write topic orders --principal User:alice', does: 'check that a user may write; exit 1 if not' },
    { line: 'kt acls who-can alter cluster', does: 'show who may change the cluster' },
  ],
  async run({ cluster, note }, args, { principal, host }) {
    const action = actionOf(args.operation, args.resourceType, args.name);
    const { resourceType, resourceName } = action;
    const all = await listAcls(await cluster(), [{ ...everyRule, resourceType, resourceName, patternType: 'MATCH' }]);
    if (all.length === 0)
      note('no rule is about it: brokers with allow.everyone.if.no.acl.found=true let everybody, others only super users');
    else note('super users of the brokers may do everything; no rule shows them');
    if (action.operation === 'CREATE' && resourceType === 'TOPIC')
      note('CREATE on the cluster allows it too: kt acls who-can create cluster');
    const rules = bearingOn(action, all);
    for (const fault of unmatchedParts(rules)) note(fault);
    if (principal === undefined) return { verdicts: whoCan(rules, host), problems: [] };
    const verdicts = verdictsOn(rules, principal, host);
    const denied = verdicts.filter(({ permission }) => permission === 'DENY');
    return { verdicts, problems: denied.map((verdict) => deniedError(action, verdict)) };
  },
});

/** @throws KtError `usage` */
function actionOf(operationText: string, typeText: string, name: string | undefined): Action {
  const operation: Operation = readAs('operation', operationWord, operationText);
  const resourceType: ResourceType = readAs('resource-type', resourceTypeWord, typeText);
  const possible = operationsOf[resourceType];
  if (!possible.includes(operation))
    throw usageError(`${operation} ${resourceType} (nothing that can be done with it)`, `choose one of ${possible.join(', ')}`);
  if (name === undefined && resourceType !== 'CLUSTER')
    throw usageError(`who-can ${operation} ${resourceType} (no name)`, 'name the resource, such as orders');
  if (resourceType === 'TOPIC' && !canNameTopic(name!))
    throw usageError(
      `who-can ${operation} TOPIC ${name} (no topic is named so)`,
      'ask about one topic; kt acls list shows all rules',
    );
  return { operation, resourceType, resourceName: resourceType === 'CLUSTER' ? clusterName : name! };
}

function deniedError({ operation, resourceType, resourceName }: Action, { principal, host, rules }: Verdict): KtError {
  const from = host === wildcard ? '' : ` from ${host}`;
  const why = rules.length > 0 ? rules.map(ruleText).join('; ') : 'no rule allows it';
  return new KtError('check', `${principal} may not ${operation} ${resourceType} ${resourceName}${from} (${why})`);
}
