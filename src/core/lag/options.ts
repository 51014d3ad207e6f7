/** What is asked about lag: which topics, how it is counted, and the checks that decide an exit code. */
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import type { RoutingOptions } from '../../kafka/routing.ts';
import type { TopicSelection } from '../partitions/selection.ts';
import type { Uncommitted } from './compute.ts';

export interface LagOptions extends RoutingOptions {
  /** Names and patterns; none: all topics that the groups have to do with. */
  readonly topics: readonly string[];
  /** The partitions of these topics that count alone; none: all. */
  readonly partitions?: readonly TopicSelection[] | undefined;
  readonly uncommitted: Uncommitted;
  /** Which records count: under read_committed those up to the last stable offset. Default read_uncommitted, as Kafka's own tools count. */
  readonly isolation?: Isolation | undefined;
  /** Whether the age of the first unread records is read too; `maxAgeMs` alone asks for it as well. */
  readonly seconds?: boolean | undefined;
  /** What one batch may decompress to where records are read, in bytes (default 128 MiB). */
  readonly maxBatchBytes?: number | undefined;
  /** Check: no partition may lag more than this many records. */
  readonly maxLag?: number | undefined;
  /** Check: all partitions of a group together may not lag more than this many records. */
  readonly maxTotalLag?: number | undefined;
  /** Check: no first unread record may be older than this, in ms. */
  readonly maxAgeMs?: number | undefined;
}
