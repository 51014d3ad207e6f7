/** Changes of configs as options give them, and what each does to the present value; no broker is asked. */
import { usageError } from '../../base/errors.ts';
import type { LayeredEntry } from './entries.ts';
import { configValue } from './names.ts';
import { isSameValue } from './same-value.ts';

/** The operations of IncrementalAlterConfigs (KIP-339), by the protocol's number. */
export const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

export interface ConfigChange {
  readonly name: string;
  readonly operation: keyof typeof operations;
  /** Null for a deletion. */
  readonly value: string | null;
}

type KeyValue = readonly [name: string, value: string];

/** As the options of a command line give them. */
export interface ChangeOptions {
  readonly config: readonly KeyValue[];
  readonly deleteConfig: readonly string[];
  readonly appendConfig: readonly KeyValue[];
  readonly subtractConfig: readonly KeyValue[];
}

/**
 * The changes of one command.
 * @throws KtError `usage`: a config that is named more than once, which the broker would refuse
 */
export function configChanges(options: ChangeOptions): readonly ConfigChange[] {
  const changes: readonly (readonly [flag: string, change: ConfigChange])[] = [
    ...options.config.map(([name, value]) => ['--config', changeOf(name, 'set', configValue(name, value))] as const),
    ...options.deleteConfig.map((name) => ['--delete-config', changeOf(name, 'delete', null)] as const),
    ...listChanges('--append-config', 'append', options.appendConfig),
    ...listChanges('--subtract-config', 'subtract', options.subtractConfig),
  ];
  const flags = new Map<string, string>();
  for (const [flag, { name }] of changes) {
    const other = flags.get(name);
    if (other) throw usageError(`${other} and ${flag} ${name} (a config can be changed only once)`, 'leave one of them out');
    flags.set(name, flag);
  }
  return changes.map(([, change]) => change);
}

/**
 * Values to append to one config may be given one by one: `--append-config k=a --append-config k=b`. Brokers refuse both operations for
 * client-metrics, lists included.
 */
function listChanges(
  flag: string,
  operation: 'append' | 'subtract',
  given: readonly KeyValue[],
): readonly (readonly [string, ConfigChange])[] {
  const values = new Map<string, string>();
  for (const [name, value] of given) values.set(name, values.has(name) ? `${values.get(name)},${value}` : value);
  return [...values].map(([name, value]) => [flag, changeOf(name, operation, value)]);
}

function changeOf(name: string, operation: ConfigChange['operation'], value: string | null): ConfigChange {
  return { name, operation, value };
}

export interface Setting {
  /** Null when sensitive, or not set. */
  readonly value: string | null;
  /** Where it comes from, in Kafka's words; null when it does not exist. */
  readonly source: string | null;
}

/**
 * What a config will be after a change, by Kafka's rules.
 * @param before the entry now; undefined where the resource does not have it
 * @param ownSource the source of a value that is set on the resource itself
 */
export function settingAfter({ operation, value }: ConfigChange, before: LayeredEntry | undefined, ownSource: string): Setting {
  if (before?.sensitive)
    return { value: null, source: operation === 'delete' ? fallback(before, ownSource).source : ownSource };
  if (operation === 'set') return { value: asSpelt(value, before), source: ownSource };
  if (operation === 'delete') return fallback(before, ownSource);
  const now = before?.value ? before.value.split(',') : [];
  const given = value!.split(',');
  const parts =
    operation === 'append'
      ? [...now, ...given.filter((part) => !now.includes(part))]
      : now.filter((part) => !given.includes(part));
  return { value: parts.join(','), source: ownSource };
}

/** A new value as the broker shows it where it is the present one, spelt otherwise: `0.50` where 0.5 is set. */
function asSpelt(value: string | null, before: LayeredEntry | undefined): string | null {
  const now = before?.value ?? null;
  return now !== null && value !== null && isSameValue(before!.type, now, value) ? now : value;
}

/** The next layer below the resource's own. */
function fallback(before: LayeredEntry | undefined, ownSource: string): Setting {
  if (!before) return { value: null, source: null };
  if (before.source !== ownSource) return { value: before.value, source: before.source };
  // Brokers leave out the next layer where it has another unit, such as log.retention.hours.
  return before.synonyms.find(({ source }) => source !== ownSource) ?? { value: null, source: 'DEFAULT_CONFIG' };
}
