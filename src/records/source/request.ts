/** What a reader of records is asked for, and what it tells while it reads. */
import type { Position } from '../../base/position.ts';
import type { TopicPartition } from '../../kafka/cluster.ts';
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import type { AcknowledgeType } from '../../kafka/share/acquired.ts';
import type { RecordFilter } from '../filter.ts';
import type { KeySearch } from '../key-search.ts';
import type { RecordSchemas } from '../schemas/record-schemas.ts';
import type { Commits } from './commits.ts';

export interface ReadRequest {
  /** Names and patterns. */
  readonly topics: readonly string[];
  /** Only these partitions; empty means all. */
  readonly partitions: readonly number[];
  /** The partitions of topics that have their own; `partitions` counts for the others. */
  readonly partitionsOf?: ReadonlyMap<string, readonly number[]> | undefined;
  /** The one key that is looked for; undefined reads all. */
  readonly key?: KeySearch | undefined;
  /** Where to begin; in a group only for partitions without a committed offset. */
  readonly from: Position;
  /** Where partitions begin, by `partitionName`, whatever `from` says; not in a group. */
  readonly starts?: ReadonlyMap<string, bigint> | undefined;
  /** The file in which people keep those, for messages. */
  readonly startsFile?: string | undefined;
  /** Where to stop: records at this position and later are not read. */
  readonly to: Position | undefined;
  /** Stops at the end offsets seen at the start. */
  readonly exitAtEnd: boolean;
  /** Whether another reading goes on where this one ends, so that nothing behind its end is left out. */
  readonly isFollowedOn?: boolean | undefined;
  readonly maxRecords: number | undefined;
  /** Stops when no record, wanted or not, came for so many milliseconds; undefined waits for ever. */
  readonly idleTimeoutMs?: number | undefined;
  /** Only this many newest records of all partitions together, in time order, and nothing that comes later. */
  readonly last: number | undefined;
  /** In the order of timestamps over all partitions, as far as fetched. */
  readonly merge: boolean;
  readonly filter: RecordFilter;
  /** What reads records with schemas; undefined where nothing does. */
  readonly schemas?: RecordSchemas | undefined;
  readonly isolation: Isolation;
  /** What one batch may decompress to, in bytes (default 128 MiB). */
  readonly maxBatchBytes?: number | undefined;
  /** How many bytes of records a batch has at least: with 1 each has one record, for sinks that wait between records. */
  readonly partBytes?: number | undefined;
  readonly group: GroupReading | undefined;
  readonly shareGroup?: ShareGroupRequest | undefined;
}

/** The partitions that are wanted of a topic; empty means all. */
export function wantedPartitions(
  { partitions, partitionsOf }: Pick<ReadRequest, 'partitions' | 'partitionsOf'>,
  topic: string,
): readonly number[] {
  return partitionsOf?.get(topic) ?? partitions;
}

/** Reading as a member of a group. */
export interface GroupReading {
  readonly id: string;
  /** How what the sink has handled is committed; undefined commits nothing. */
  readonly commits: Commits | undefined;
  /** After how long without a heartbeat the group gives the member's partitions to others; default 45 s, as in Java. */
  readonly sessionTimeoutMs?: number | undefined;
}

/** Shows how far a reading of known length has come. */
export interface ReadBar {
  /** By so many offsets more. */
  advance(offsets: number): void;
  stop(): void;
}

/** Reading as a member of a share group. */
interface ShareGroupRequest {
  readonly id: string;
  /** What the group is told of records once the sink has handled them. */
  readonly acknowledge: AcknowledgeType;
  /** Called once with what knows how often the record that is being visited was handed out. */
  readonly reads?: (deliveries: { readonly deliveryCount: number }) => void;
}

export interface ReadEvents {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Begins to show progress over this many offsets, when the reading has an end; undefined shows none. */
  readonly bar: (offsets: number) => ReadBar | undefined;
  /** Called when brokers have sent records, wanted or not; and when a member of a group begins to read. */
  readonly arrived?: (() => void) | undefined;
  /** Called with where partitions end now, before they are read; outside of groups, and not for those that appear later. */
  readonly found?: ((partitions: readonly (TopicPartition & { readonly endOffset: bigint })[]) => void) | undefined;
  /** Called once when nothing has come for a while. */
  readonly waiting: (text: string) => void;
}
