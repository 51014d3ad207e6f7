/** The section `quotas:` of files that say how a cluster is to be: reads it, with the line of each mistake, and writes it. */
import { KtError } from '../../base/errors.ts';
import type { YamlItem, YamlNode, YamlReader } from '../../base/yaml-file.ts';
import { yamlScalar } from '../../base/yaml-scalar.ts';
import { readUserName } from '../users/file.ts';
import { type EntityPart, entityParts, entityText, type QuotaEntity, type QuotaName, type Quotas } from './entity.ts';
import { isLimitOf, limitReaders, limitText } from './limits.ts';
import type { EntityQuotas } from './list.ts';

/** Quotas of an entity as a file wants them. */
export interface DesiredQuotas extends EntityQuotas {
  /** Where they are in the file, for errors: `access.yaml, line 4`. */
  readonly at: string;
}

const quotaNames = Object.keys(limitReaders) as QuotaName[];

/**
 * The quotas of one file.
 * @throws KtError `usage` with the line of the mistake
 */
export function readQuotas(reader: YamlReader, section: YamlItem): readonly DesiredQuotas[] {
  return reader.list(section.node, 'quotas', 'write - user: … for each').map((node) => readEntry(reader, node));
}

function readEntry(reader: YamlReader, node: YamlNode): DesiredQuotas {
  const items = reader.map(node, 'a quota', [...entityParts, ...quotaNames]);
  const parts = entityParts.filter((part) => items.has(part));
  if (parts.length === 0) throw reader.error(node, 'a quota is for nobody', 'write user: alice, clientId: web or ip: 10.0.0.7');
  if (items.has('ip') && parts.length > 1)
    throw reader.error(
      items.get('ip')!.key,
      'ip with a user or a client (quotas of addresses are for addresses alone)',
      'write an entry for each',
    );
  const entity: QuotaEntity = Object.fromEntries(parts.map((part) => [part, readPart(reader, part, items.get(part)!)]));
  const quotas: Record<string, number> = {};
  for (const name of quotaNames) {
    const item = items.get(name);
    if (item) quotas[name] = readLimit(reader, entity, name, item);
  }
  if (Object.keys(quotas).length === 0)
    throw reader.error(
      node,
      `no quota for ${entityText(entity)}`,
      `write ${quotaNames.filter((name) => isLimitOf(entity, name))[0]}: …`,
    );
  return { entity, quotas, at: reader.at(items.get(parts[0]!)!.key) };
}

/** Null written out is the default; an empty value may be a slip that would limit everybody. */
function readPart(reader: YamlReader, part: EntityPart, item: YamlItem): string | null {
  if (reader.isNull(item)) return null;
  if (reader.isBlank(item) || reader.text(item, part) === '')
    throw reader.error(item.key, `${part} has no value`, `${part}: null is every ${part} without a quota of its own`);
  return part === 'user' ? readUserName(reader, item, part) : reader.text(item, part);
}

function readLimit(reader: YamlReader, entity: QuotaEntity, name: QuotaName, item: YamlItem): number {
  if (!isLimitOf(entity, name))
    throw reader.error(
      item.key,
      `${name} (${entity.ip === undefined ? 'only addresses have it' : 'addresses have only connection_creation_rate'})`,
      entity.ip === undefined ? 'write it in an entry with ip' : 'write it in an entry with user or clientId',
    );
  const text = reader.isBlank(item) ? '' : reader.text(item, name);
  if (text === '') throw reader.error(item.key, `${name} has no value`, 'write one, or leave the line out');
  try {
    return limitReaders[name](text);
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'usage') throw error;
    throw reader.error(item.node ?? item.key, `${name}: ${error.message}`, error.hint);
  }
}

/**
 * The section's text.
 * @throws KtError `refused` for a quota newer than kt, which it could not read back
 */
export function quotasText(listed: readonly EntityQuotas[]): string {
  if (listed.length === 0) return 'quotas: []\n';
  const entries = listed.map(({ entity, quotas }) => {
    const parts = entityParts.flatMap((part) => {
      const name = entity[part];
      return name === undefined ? [] : [`${part}: ${name === null ? 'null' : yamlScalar(name)}\n`];
    });
    return `  - ${[...parts, ...limitLines(entity, quotas)].join('    ')}`;
  });
  return `quotas:\n${entries.join('')}`;
}

function limitLines(entity: QuotaEntity, quotas: Quotas): readonly string[] {
  return Object.entries(quotas).map(([name, value]) => {
    const known = quotaNames.find((each) => each === name);
    if (known) return `${known}: ${limitText(known, value)}\n`;
    throw new KtError('refused', `quotas of ${entityText(entity)} not exported (kt does not know ${name})`, {
      hint: 'a newer kt may know it',
    });
  });
}
