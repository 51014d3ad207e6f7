/** The topic configs that Kafka has, and which of them hold a time or a size. */
import { nearest } from '../../base/nearest.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from '../../base/units.ts';

/** Every topic config of Kafka 2.8 to 4.3, for suggestions only: the broker decides which it knows. */
export const topicConfigs: readonly string[] = [
  'cleanup.policy',
  'compression.gzip.level',
  'compression.lz4.level',
  'compression.type',
  'compression.zstd.level',
  'delete.retention.ms',
  'file.delete.delay.ms',
  'flush.messages',
  'flush.ms',
  'follower.replication.throttled.replicas',
  'index.interval.bytes',
  'leader.replication.throttled.replicas',
  'local.retention.bytes',
  'local.retention.ms',
  'max.compaction.lag.ms',
  'max.message.bytes',
  'message.downconversion.enable',
  'message.format.version',
  'message.timestamp.after.max.ms',
  'message.timestamp.before.max.ms',
  'message.timestamp.difference.max.ms',
  'message.timestamp.type',
  'min.cleanable.dirty.ratio',
  'min.compaction.lag.ms',
  'min.insync.replicas',
  'preallocate',
  'remote.log.copy.disable',
  'remote.log.delete.on.disable',
  'remote.storage.enable',
  'retention.bytes',
  'retention.ms',
  'segment.bytes',
  'segment.index.bytes',
  'segment.jitter.ms',
  'segment.ms',
  'unclean.leader.election.enable',
];

/** What brokers call the default of a topic config, where that is not `log.` or `log.cleaner.` before its name. */
const brokerNames: Readonly<Record<string, string>> = {
  'log.cleaner.min.cleanable.ratio': 'min.cleanable.dirty.ratio',
  'log.flush.interval.messages': 'flush.messages',
  'log.flush.interval.ms': 'flush.ms',
  'log.index.size.max.bytes': 'segment.index.bytes',
  'log.retention.hours': 'retention.ms',
  'log.retention.minutes': 'retention.ms',
  'log.roll.hours': 'segment.ms',
  'log.roll.jitter.hours': 'segment.jitter.ms',
  'log.roll.jitter.ms': 'segment.jitter.ms',
  'log.roll.ms': 'segment.ms',
  'log.segment.delete.delay.ms': 'file.delete.delay.ms',
  'message.max.bytes': 'max.message.bytes',
};

/** The config that is meant by a name that a resource does not have: the same setting under the other name that brokers or topics have for it, else the nearest. */
function meantConfig(name: string, known: readonly string[]): string | undefined {
  const other = brokerNames[name] ?? name.replace(/^log\.(cleaner\.)?/, '');
  if (known.includes(other)) return other;
  const ofBroker = [
    `log.${name}`,
    ...Object.keys(brokerNames).filter((each) => brokerNames[each] === name && each.endsWith(unitOf(name))),
  ];
  return ofBroker.find((each) => known.includes(each)) ?? nearest(name, known);
}

/** `.ms` of `segment.ms`, so that hours are not suggested for it. */
function unitOf(name: string): string {
  return name.endsWith('.ms') ? '.ms' : '';
}

/**
 * What to write instead, after the broker called a config invalid.
 * @param given names and new values; null for a deletion
 * @param known the configs that the resource can have; empty when that is not known
 */
export function configHint(
  given: Iterable<readonly [name: string, value: string | null]>,
  known: readonly string[] = topicConfigs,
): string | undefined {
  for (const [name, value] of given) {
    const meant = known.length === 0 || known.includes(name) ? undefined : meantConfig(name, known);
    if (meant) return `did you mean ${meant} instead of ${name}?`;
    // As kafka-configs.sh takes lists.
    const list = /^\[(.*)\]$/.exec(value ?? '')?.[1];
    if (list !== undefined) return `write the list without brackets: ${name}=${list}`;
  }
  return undefined;
}

/**
 * A config's value as the broker wants it: `7d` for a config in ms and `1GiB` for one in bytes become numbers,
 * anything else is left for the broker to check.
 */
export function configValue(name: string, value: string): string {
  if (/^-?\d+$/.test(value)) return value;
  const number = name.endsWith('.ms') ? parseDuration(value) : name.endsWith('.bytes') ? parseSize(value) : undefined;
  return number === undefined ? value : String(number);
}

/** A value in human units where the config's name tells the unit: `7d` for `retention.ms` 604800000; else undefined. */
export function humanConfigValue(name: string, value: string | null): string | undefined {
  if (value === null || !/^-?\d+$/.test(value)) return undefined;
  const number = Number(value);
  // Long.MAX_VALUE is Kafka's "for ever"; such a number means nothing as a time.
  if (!Number.isSafeInteger(number)) return undefined;
  if (number < 0) return specialNumber(name, number);
  if (name.endsWith('.ms')) return formatDuration(number);
  if (name.endsWith('.bytes')) return formatSize(number);
  return undefined;
}

/** What a negative number stands for. */
function specialNumber(name: string, number: number): string | undefined {
  // KIP-405: `local.retention.ms`, and `log.local.retention.ms` of a broker.
  if (number === -2 && /^(log\.)?local\.retention\./.test(name)) return `as ${name.replace('local.', '')}`;
  if (number !== -1) return undefined;
  if (name.endsWith('.buffer.bytes')) return "the system's default";
  if (name.endsWith('.ms')) return formatDuration(number);
  return name.endsWith('.bytes') ? formatSize(number) : undefined;
}
