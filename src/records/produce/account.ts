/** Counts what became of a producer's records; with a transaction they count as written once it is committed. */

import type { KtError } from '../../base/errors.ts';
import type { ProducerOptions, Unwritten } from '../../kafka/produce/options.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { DeliveredBatch } from './reports.ts';
import type { ProduceEvents } from './request.ts';

type Acknowledged = Parameters<ProducerOptions['onDelivered']>[0];

export class Account {
  delivered = 0;
  failed = 0;
  /** Of the keys and values delivered. */
  bytes = 0;
  readonly #topics = new Set<string>();
  readonly #partitions = new Set<string>();
  readonly #isTransactional: boolean;
  readonly #events: ProduceEvents;
  /** Acknowledged in the open transaction. */
  #uncommitted = 0;
  #uncommittedBytes = 0;
  readonly #held: DeliveredBatch[] = [];

  constructor(isTransactional: boolean, events: ProduceEvents) {
    this.#isTransactional = isTransactional;
    this.#events = events;
  }

  get topics(): readonly string[] {
    return [...this.#topics];
  }

  get partitions(): number {
    return this.#partitions.size;
  }

  readonly onDelivered = ({ topic, partition, baseOffset, lines, payload, openedAt }: Acknowledged): void => {
    const { onAcknowledged, reports } = this.#events;
    this.#topics.add(topic);
    this.#partitions.add(partitionName({ topic, partition }));
    onAcknowledged?.(lines.length, payload, performance.now() - openedAt);
    if (this.#isTransactional) {
      this.#uncommitted += lines.length;
      this.#uncommittedBytes += payload;
    } else {
      this.delivered += lines.length;
      this.bytes += payload;
    }
    if (!reports) return;
    const batch = { topic, partition, baseOffset, lines };
    if (this.#isTransactional) this.#held.push(batch);
    else reports.add(batch);
  };

  readonly onFailed = (records: Unwritten, error: KtError): void => {
    this.failed += records.lines.length;
    this.#events.onFailed(records.lines, error);
    this.#events.onUnwritten?.(records);
  };

  /** What was acknowledged in the transaction is written. */
  committed(): void {
    this.delivered += this.#uncommitted;
    this.bytes += this.#uncommittedBytes;
    this.#uncommitted = 0;
    this.#uncommittedBytes = 0;
    for (const batch of this.#held.splice(0)) this.#events.reports?.add(batch);
  }
}
