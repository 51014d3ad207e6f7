/** The topic configs that Kafka has, and which of them hold a time or a size. */
import { nearest } from '../../base/nearest.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from '../../base/units.ts';

/** Every topic config of Kafka 2.8 to 4.3, for suggestions only: the broker decides which it knows. */
const topicConfigs: readonly string[] = [
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

/** The topic config that a misspelt name most likely means. */
export function nearestTopicConfig(name: string): string | undefined {
  return topicConfigs.includes(name) ? undefined : nearest(name, topicConfigs);
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
  if (name.endsWith('.ms')) return formatDuration(number);
  if (name.endsWith('.bytes')) return formatSize(number);
  return undefined;
}
