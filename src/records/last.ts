/** `tail --last N`: the newest records of all partitions together, in time order. */
import TinyQueue from 'tinyqueue';
import type { FetchedRecords, RecordView } from '../kafka/batch/record.ts';
import type { Cluster, TopicPartition } from '../kafka/cluster.ts';
import { fetchRecords } from '../kafka/fetch/fetch.ts';
import { partitionName } from '../kafka/routing.ts';
import { byTime, inBatches, RecordCopies } from './copied-record.ts';
import { rangesOf } from './source/ranges.ts';
import type { TailEvents, TailRequest } from './source/request.ts';

/** Each look further back takes so many times as many offsets. */
const growth = 4n;
/** A look costs a round trip: it is worth a few records more than wanted. */
const leastOffsets = 100n;

/** What was not looked at yet of one partition. */
interface Unread extends TopicPartition {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * Looks at the end of each partition, and further back where offsets hold no record that is wanted (transaction markers, compacted or
 * filtered ones), until each has given `count` records or was read whole: the newest might all lie in one.
 */
export async function* lastRecords(
  cluster: Cluster,
  request: TailRequest,
  partitions: readonly TopicPartition[],
  count: number,
  events: TailEvents,
): AsyncGenerator<FetchedRecords> {
  if (count === 0) return;
  const whole = { ...request, from: { at: 'beginning' }, exitAtEnd: true } as const;
  let unread: readonly Unread[] = (await rangesOf(cluster, whole, partitions, undefined)).map(({ end, ...range }) => ({
    ...range,
    end: end!,
  }));
  const copies = new RecordCopies();
  const newest = new TinyQueue<RecordView>([], byTime);
  const found = new Map<string, number>();
  let size = BigInt(count) > leastOffsets ? BigInt(count) : leastOffsets;
  while (unread.length > 0) {
    const looks = unread.map((each) => ({ ...each, start: each.end - size > each.start ? each.end - size : each.start }));
    for await (const part of fetchRecords(cluster, looks, { ...events, isolation: request.isolation })) {
      const waiting = request.filter.prepare(part.records);
      if (waiting) await waiting;
      let seen = found.get(partitionName(part)) ?? 0;
      request.filter.apply(part.records).each((record) => {
        seen++;
        if (newest.length === count) {
          if (byTime(record, newest.peek()!) < 0) return;
          newest.pop();
        }
        newest.push(copies.copy(record));
      });
      found.set(partitionName(part), seen);
    }
    unread = unread
      .map((each, index) => ({ ...each, end: looks[index]!.start }))
      .filter((each) => each.end > each.start && (found.get(partitionName(each)) ?? 0) < count);
    size *= growth;
  }
  yield* inBatches(newest.data.toSorted(byTime));
}
