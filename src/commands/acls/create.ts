/** `kt acls create`: rules in the words of kafka-acls, an outcome for each. */
import { flag } from '../../cli/define.ts';
import { command } from '../../context.ts';
import { createAcls } from '../../core/acls/create.ts';
import { unmatchedParts } from '../../core/acls/unmatched.ts';
import { createOptions, rulesOf } from './options.ts';
import { outcomeRows } from './shape.ts';

export const aclsCreate = command({
  name: 'acls create',
  summary: 'Create rules that allow or deny',
  description:
    'Creates a rule for each combination of principal, host, operation and resource. A rule that exists stays as it is, with status exists. --producer and --consumer stand for all that a producer or consumer needs. A rule that denies outweighs all that allow.',
  args: {},
  options: { ...createOptions, dryRun: flag('--dry-run', 'show what would be created, and create nothing') },
  shows: outcomeRows('created, exists (it was there already), valid (with --dry-run: would be created) or failed'),
  examples: [
    {
      line: 'kt acls create --allow-principal User:alice --consumer --topic orders --group billing',
      does: 'let a user read a topic as a group',
    },
    { line: 'kt acls create --allow-principal User:alice --producer --topic orders', does: 'let a user write to a topic' },
    {
      line: 'kt acls create --deny-principal User:bob --operation READ --topic hr- --resource-pattern-type prefixed',
      does: 'keep a user from all topics that begin with hr-',
    },
  ],
  async run({ cluster, note }, _, { dryRun, ...options }) {
    const rules = rulesOf(options);
    for (const fault of unmatchedParts(rules)) note(fault);
    return createAcls(await cluster(), rules, dryRun);
  },
});
