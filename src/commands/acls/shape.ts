/** How rules look, and what became of each. */
import { type Column, rows, type Tone } from '../../cli/shape.ts';
import type { AclOutcome } from '../../core/acls/outcome.ts';
import { type AclRule, ruleText } from '../../core/acls/rule.ts';

export const ruleColumns: readonly Column<AclRule>[] = [
  { header: 'RESOURCE', get: ({ resourceType }) => resourceType },
  { header: 'NAME', get: ({ resourceName }) => resourceName, tone: () => 'strong' },
  {
    header: 'PATTERN',
    get: ({ patternType }) => patternType,
    tone: ({ patternType }) => (patternType === 'LITERAL' ? 'dim' : 'warn'),
  },
  { header: 'PRINCIPAL', get: ({ principal }) => principal, tone: () => 'strong' },
  { header: 'HOST', get: ({ host }) => host },
  { header: 'OPERATION', get: ({ operation }) => operation },
  {
    header: 'PERMISSION',
    get: ({ permission }) => permission,
    tone: ({ permission }) => (permission === 'DENY' ? 'bad' : 'good'),
  },
];

/** @param prefix of a rule inside something else: `rules[].` */
export function ruleFields(prefix = ''): Readonly<Record<string, string>> {
  return {
    [`${prefix}resourceType`]: 'TOPIC, GROUP, CLUSTER, TRANSACTIONAL_ID, DELEGATION_TOKEN or USER',
    [`${prefix}resourceName`]: 'name of the resource, or its prefix; * as a literal is every one of its type',
    [`${prefix}patternType`]: 'LITERAL or PREFIXED',
    [`${prefix}principal`]: 'whom the rule is about: User:alice; User:* is everybody',
    [`${prefix}host`]: 'IP address that the rule is about; * is every one',
    [`${prefix}operation`]: 'what the rule is about: READ, WRITE, …; ALL is everything',
    [`${prefix}permission`]: 'ALLOW or DENY',
  };
}

export const ruleRows = rows<AclRule>({ columns: ruleColumns, name: ruleText, fields: ruleFields() });

const tones: Readonly<Record<AclOutcome['status'], Tone>> = {
  created: 'good',
  deleted: 'good',
  exists: 'dim',
  absent: 'dim',
  valid: 'dim',
  failed: 'bad',
};

/** @param statuses what each status means here */
export function outcomeRows(statuses: string) {
  return rows<AclOutcome>({
    columns: [...ruleColumns, { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] }],
    name: ruleText,
    fields: {
      ...ruleFields(),
      status: statuses,
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  });
}
