/** `kt acls list`: the rules that there are, or those of some resources and principals. */
import { counted } from '../../base/units.ts';
import { command } from '../../context.ts';
import { listAcls } from '../../core/acls/list.ts';
import type { AclFilter } from '../../core/acls/rule.ts';
import { filtersOf, listOptions } from './options.ts';
import { ruleRows } from './shape.ts';

export const aclsList = command({
  name: 'acls list',
  summary: 'List the rules of access control lists',
  description:
    'Lists all rules, or those that match every option given; of an option given several times, one has to match. A name alone means rules that name it literally, as in kafka-acls; --resource-pattern-type match adds those that apply to it by a prefix or as *. Super users of the brokers need no rules and are in none.',
  args: {},
  options: listOptions,
  shows: ruleRows,
  examples: [
    { line: 'kt acls list', does: 'list all rules' },
    { line: 'kt acls list --topic orders --resource-pattern-type match', does: 'list every rule that applies to a topic' },
    { line: 'kt acls list --principal User:alice', does: 'list the rules about a user' },
  ],
  async run({ cluster, note }, _, options) {
    const filters = filtersOf('acls list', options);
    const connected = await cluster();
    const rules = await listAcls(connected, filters);
    const byDefault = options.resourcePatternType === undefined && filters.some(({ resourceName }) => resourceName !== null);
    if (byDefault) {
      const wider = filters.map((filter): AclFilter => ({ ...filter, patternType: 'MATCH' }));
      const others = (await listAcls(connected, wider)).length - rules.length;
      const more = counted(others, 'more rule applies', 'more rules apply');
      if (others > 0)
        note(`${more} by a prefix or as *: --resource-pattern-type match lists ${others === 1 ? 'it' : 'them'} too`);
    }
    return rules;
  },
});
