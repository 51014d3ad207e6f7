/** The section `acls:` of files that say how a cluster is to be: reads it, with the line of each mistake, and writes it. */
import { KtError } from '../../base/errors.ts';
import type { YamlItem, YamlNode, YamlReader } from '../../base/yaml-file.ts';
import { yamlScalar } from '../../base/yaml-scalar.ts';
import {
  type AclRule,
  clusterName,
  operations,
  operationsOf,
  patternTypes,
  permissions,
  type ResourceType,
  resourceTypes,
  ruleKey,
  ruleText,
  wildcard,
} from './rule.ts';
import { isPrincipal, kafkaWord, principalHint } from './words.ts';

const aclKeys = ['principal', 'host', 'permission', 'operations', 'resourceType', 'resourceName', 'patternType'];

/**
 * The rules of one file, one for each operation that is listed.
 * @throws KtError `usage` with the line of the mistake
 */
export function readAcls(reader: YamlReader, section: YamlItem): readonly AclRule[] {
  return reader.list(section.node, 'acls', 'write - principal: … for each').flatMap((node) => readEntry(reader, node));
}

function readEntry(reader: YamlReader, node: YamlNode): readonly AclRule[] {
  const items = reader.map(node, 'an ACL', aclKeys);
  const required = (name: string, example: string): YamlItem => {
    const item = items.get(name);
    if (!item) throw reader.error(node, `an ACL has no ${name}`, `write ${name}: ${example}`);
    return item;
  };
  const word = <W extends string>(name: string, words: readonly W[], usual: W): W => {
    const item = items.get(name);
    return item ? readWord(reader, item, name, words) : usual;
  };
  const who = required('principal', 'User:alice');
  const principal = readPrincipal(reader, who, 'principal');
  const hostItem = items.get('host');
  const host = hostItem ? readText(reader, hostItem, 'host') : wildcard;
  const permission = word('permission', permissions, 'ALLOW');
  const resource = readResource(reader, items, required, word('patternType', patternTypes, 'LITERAL'));
  const what = required('operations', '[READ, DESCRIBE]');
  const texts = reader.isBlank(what) ? [] : reader.texts(what, 'operations');
  if (texts.length === 0) throw reader.error(what.key, 'operations: there is none', 'write operations: [READ, DESCRIBE]');
  return texts.map((text) => {
    const possible = ['ALL', ...operationsOf[resource.resourceType]] as const;
    const operation = kafkaWord(possible, text);
    if (operation) return { ...resource, principal, host, operation, permission };
    const why = kafkaWord(operations, text)
      ? `nothing that can be done with a ${resource.resourceType}`
      : 'no operation of an ACL';
    throw reader.error(what.node ?? what.key, `operations: ${text} (${why})`, `choose one of ${possible.join(', ')}`);
  });
}

function readResource(
  reader: YamlReader,
  items: ReadonlyMap<string, YamlItem>,
  required: (name: string, example: string) => YamlItem,
  patternType: AclRule['patternType'],
): Pick<AclRule, 'resourceType' | 'resourceName' | 'patternType'> {
  const resourceType = readWord(reader, required('resourceType', 'TOPIC'), 'resourceType', resourceTypes);
  // There is only one cluster, so it needs no name.
  const named = resourceType === 'CLUSTER' ? items.get('resourceName') : required('resourceName', 'orders');
  const resourceName = named ? readName(reader, named, resourceType) : clusterName;
  if (patternType === 'PREFIXED' && (resourceType === 'CLUSTER' || resourceName === wildcard))
    throw reader.error(
      items.get('patternType')!.key,
      `patternType: PREFIXED (no other name begins with ${resourceName})`,
      'leave patternType out',
    );
  return { resourceType, resourceName, patternType };
}

function readName(reader: YamlReader, item: YamlItem, type: ResourceType): string {
  if (type === 'USER') return readPrincipal(reader, item, 'resourceName', wildcard);
  const name = readText(reader, item, 'resourceName');
  if (type !== 'CLUSTER' || name === clusterName) return name;
  throw reader.error(item.key, `resourceName: ${name} (the cluster is called ${clusterName})`, 'leave resourceName out');
}

/** @param also a text that is taken besides */
function readPrincipal(reader: YamlReader, item: YamlItem, name: string, also?: string): string {
  const text = readText(reader, item, name);
  if (text === also || isPrincipal(text)) return text;
  throw reader.error(item.key, `${name}: ${text} (not a principal)`, principalHint(text));
}

function readWord<W extends string>(reader: YamlReader, item: YamlItem, name: string, words: readonly W[]): W {
  const text = reader.text(item, name);
  const word = kafkaWord(words, text);
  if (word === undefined)
    throw reader.error(item.key, `${name}: ${text || "''"} (not one of ${words.join(', ')})`, `such as ${name}: ${words[0]}`);
  return word;
}

function readText(reader: YamlReader, item: YamlItem, name: string): string {
  const text = reader.isBlank(item) ? '' : reader.text(item, name);
  if (text === '') throw reader.error(item.key, `${name} has no value`, 'write one');
  return text;
}

/**
 * The section's text: rules that differ in their operation alone stand together.
 * @throws KtError `refused` for a rule that could not be read back: with a word newer than kt, or one that says nothing
 */
export function aclsText(rules: readonly AclRule[]): string {
  if (rules.length === 0) return 'acls: []\n';
  const entries = new Map<string, AclRule[]>();
  for (const rule of rules) {
    refuseUnreadable(rule);
    const key = ruleKey({ ...rule, operation: 'ALL' });
    entries.set(key, [...(entries.get(key) ?? []), rule]);
  }
  return `acls:\n${[...entries.values()].map(entryText).join('')}`;
}

function entryText(rules: readonly AclRule[]): string {
  const { principal, host, permission, resourceType, resourceName, patternType } = rules[0]!;
  const lines: readonly (readonly [name: string, value: string, isUsual: boolean])[] = [
    ['principal', principal, false],
    ['host', host, host === wildcard],
    ['permission', permission, permission === 'ALLOW'],
    ['resourceType', resourceType, false],
    ['resourceName', resourceName, resourceType === 'CLUSTER'],
    ['patternType', patternType, patternType === 'LITERAL'],
  ];
  const said = lines.filter(([, , isUsual]) => !isUsual).map(([name, value]) => `${name}: ${yamlScalar(value)}\n`);
  return `  - ${said.join('    ')}    operations: [${rules.map(({ operation }) => operation).join(', ')}]\n`;
}

/** What brokers take from other tools, but `readAcls` would take for a mistake, is refused too: the file could not be applied. */
function refuseUnreadable(rule: AclRule): void {
  refuseUnknown(rule);
  const { resourceType, resourceName, patternType, operation } = rule;
  const isPointless = operation !== 'ALL' && !(operationsOf[resourceType] as readonly string[]).includes(operation);
  const isEmpty = patternType === 'PREFIXED' && (resourceType === 'CLUSTER' || resourceName === wildcard);
  if (!isPointless && !isEmpty) return;
  const why = isPointless
    ? `${operation} is nothing that can be done with a ${resourceType}`
    : `no other name begins with ${resourceName}`;
  throw new KtError('refused', `${ruleText(rule)} not exported (${why})`, { hint: 'kt acls delete removes such a rule' });
}

function refuseUnknown(rule: AclRule): void {
  const { resourceType, patternType, operation, permission } = rule;
  const unknown = [resourceType, patternType, operation, permission].find((word) => word.startsWith('UNKNOWN_'));
  if (unknown)
    throw new KtError('refused', `${ruleText(rule)} not exported (kt does not know ${unknown})`, {
      hint: 'a newer kt may know it',
    });
}
