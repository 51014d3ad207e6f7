/** `kt acls delete`: rules that fit, shown and confirmed, an outcome for each. */
import { usageError } from '../../base/errors.ts';
import { flag } from '../../cli/define.ts';
import { command } from '../../context.ts';
import { deleteAcls } from '../../core/acls/delete.ts';
import { listAcls } from '../../core/acls/list.ts';
import { type AclFilter, ruleText } from '../../core/acls/rule.ts';
import { deleteOptions, filtersOf } from './options.ts';
import { outcomeRows } from './shape.ts';

export const aclsDelete = command({
  name: 'acls delete',
  summary: 'Delete rules of access control lists',
  description:
    'Deletes the rules that match every option given; of an option given several times, one has to match. What you leave out matches everything, operations too. A name means rules that name it literally, unless --resource-pattern-type says otherwise. What would be deleted is shown and has to be confirmed; without a terminal, add --yes. Exactly what was shown is deleted, also if others make rules meanwhile.',
  args: {},
  options: {
    ...deleteOptions,
    dryRun: flag('--dry-run', 'show what would be deleted, and delete nothing'),
    force: flag('--force', 'skip the confirmation, as --yes does'),
  },
  shows: outcomeRows('deleted, absent (another process deleted it first), valid (with --dry-run: would be deleted) or failed'),
  examples: [
    { line: 'kt acls delete --principal User:bob', does: 'delete all rules about a user, after a confirmation' },
    {
      line: 'kt acls delete --allow-principal User:alice --operation WRITE --topic orders --dry-run',
      does: 'show which rules would go',
    },
    {
      line: 'kt acls delete --topic orders --resource-pattern-type any --yes',
      does: 'delete the rules on a topic in a script',
    },
  ],
  async run({ cluster, note, confirm }, _, { dryRun, force, ...options }) {
    const filters = filtersOf('acls delete', options);
    if (filters.some(fitsAll))
      throw usageError('acls delete (it is not said which)', "name a resource or a principal, such as --topic '*'");
    const connected = await cluster();
    const rules = await listAcls(connected, filters, 'ALTER');
    if (rules.length === 0) note('no rule fits; nothing to delete');
    if (dryRun || rules.length === 0) return deleteAcls(connected, rules, dryRun);
    for (const rule of rules) note(ruleText(rule));
    const what = rules.length === 1 ? 'this rule' : `these ${rules.length} rules`;
    if (!force) await confirm(`Delete ${what}`, { count: rules.length, byPattern: filters.some(isPattern) });
    return deleteAcls(connected, rules);
  },
});

/** Whether it names neither what a rule is about nor whom: too much to delete for want of an option. */
function fitsAll({ resourceName, principal, host }: AclFilter): boolean {
  return resourceName === null && principal === null && host === null;
}

function isPattern({ resourceName, patternType }: AclFilter): boolean {
  return resourceName === null || patternType === 'ANY' || patternType === 'MATCH';
}
