/** Batches that are not added to any more: made, taken apart, counted, and told of. */
import type { RequestBodies } from '../wire/generated/types.ts';
import { RecordBatches } from './batch-reader.ts';
import { BatchWriter } from './batch-writer.ts';
import type { CompressionName } from './compression/index.ts';
import type { Batch, PartitionDelivery } from './delivery.ts';
import { encodedHeaders } from './headers.ts';
import type { Unwritten } from './producer-options.ts';

type NewBatch = Pick<Batch, 'bytes' | 'lines' | 'payload'> & Partial<Pick<Batch, 'openedAt' | 'writer'>>;

/** A sealed batch, ready to be sent. */
export function newBatch(delivery: PartitionDelivery, { bytes, lines, payload, openedAt, writer }: NewBatch): Batch {
  const sealedAt = performance.now();
  return {
    delivery,
    bytes,
    lines,
    payload,
    openedAt: openedAt ?? sealedAt,
    writer,
    sealedAt,
    sequence: -1,
    attempts: 0,
    maybeWritten: false,
    outcome: undefined,
  };
}

/** Bytes that a sealed batch takes: well compressed ones have little besides the numbers of their lines. */
export function held({ bytes, lines }: Batch): number {
  return bytes.length + 8 * lines.length;
}

/** A batch's records, or those at some places in it. */
export function unwritten({ delivery, bytes, lines, maybeWritten }: Batch, places?: ReadonlySet<number>): Unwritten {
  const { topic, partition } = delivery;
  return {
    topic,
    partition,
    lines: places ? lines.filter((_, index) => places.has(index)) : lines,
    maybeWritten,
    each(visit) {
      let index = 0;
      new RecordBatches({ topic, partition, records: bytes, startOffset: 0n, checkCrcs: false }).each((record) =>
        !places || places.has(index++) ? visit(record) : true,
      );
    },
  };
}

/** A new batch of those records of another that stand at these places. */
export function partOf(batch: Batch, indexes: readonly number[], compression: CompressionName): Batch {
  const writer = new BatchWriter(batch.bytes.length);
  unwritten(batch, new Set(indexes)).each((record) => {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
    const timestamp = record.exactTimestamp();
    writer.append({
      key: bytes,
      keyStart,
      keyEnd,
      value: bytes,
      valueStart,
      valueEnd,
      headers: encodedHeaders(record),
      timestamp,
    });
  });
  const { delivery, attempts, openedAt } = batch;
  const { payload } = writer;
  const bytes = writer.finish(compression);
  const part = newBatch(delivery, { bytes, lines: indexes.map((at) => batch.lines[at]!), payload, openedAt });
  part.attempts = attempts;
  return part;
}

/** Batches as a Produce request holds them. */
export function byTopic(batches: readonly Batch[]): RequestBodies['Produce']['topicData'] {
  const topics = new Map<string, { index: number; records: Buffer }[]>();
  for (const { delivery, bytes } of batches) {
    const partitions = topics.get(delivery.topic) ?? [];
    partitions.push({ index: delivery.partition, records: bytes });
    topics.set(delivery.topic, partitions);
  }
  return [...topics].map(([name, partitionData]) => ({ name, partitionData }));
}
