/** Batches that take no more records: made, measured, taken apart, and handed over when they were not written. */
import { KtError } from '../../base/errors.ts';
import { RecordBatches } from '../batch/reader.ts';
import { ViewBytes } from '../batch/view-bytes.ts';
import { BatchWriter } from '../batch/writer.ts';
import type { CompressionName } from '../compression/index.ts';
import type { Batch, PartitionDelivery } from './delivery.ts';
import type { Unwritten } from './options.ts';

type NewBatch = Pick<Batch, 'bytes' | 'lines' | 'payload'> & Partial<Pick<Batch, 'openedAt' | 'writer' | 'isPacked'>>;

/** A sealed batch, ready to be sent unless it says otherwise. */
export function newBatch(
  delivery: PartitionDelivery,
  { bytes, lines, payload, openedAt, writer, isPacked = true }: NewBatch,
): Batch {
  const sealedAt = performance.now();
  return {
    delivery,
    bytes,
    isPacked,
    lines,
    payload,
    openedAt: openedAt ?? sealedAt,
    writer,
    sealedAt,
    sequence: -1,
    attempts: 0,
    isSent: false,
    maybeWritten: false,
    outcome: undefined,
  };
}

/** Bytes that a sealed batch takes in memory: of a well compressed one the line numbers are the most. */
export function held({ bytes, lines }: Batch): number {
  return bytes.length + 8 * lines.length;
}

/** The error of records that were sent without an answer. */
export function mayBeWritten(error: KtError): KtError {
  return new KtError(error.kind, `${error.message}; these records may have been written`, {
    code: error.code,
    hint: error.hint,
    cause: error,
  });
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

/** The records that a broker found at fault, by their place in the batch, each with the broker's words if it had any. */
export type BadRecords = ReadonlyMap<number, string | null>;

/** Whether a part of a refused batch may be accepted: when the broker named the records at fault, or it was too large as a whole. */
export function isDivisible({ lines }: Batch, error: KtError, badRecords: BadRecords): boolean {
  return lines.length > 1 && (badRecords.size > 0 || error.code === 'MESSAGE_TOO_LARGE');
}

/** What to send of a refused batch: all but the records at fault in one batch where the broker named them, else its halves. */
export function partsOf(batch: Batch, badRecords: BadRecords, compression: CompressionName): readonly Batch[] {
  const { length } = batch.lines;
  const half = length >> 1;
  const good: number[][] =
    badRecords.size > 0 ? [range(0, length).filter((index) => !badRecords.has(index))] : [range(0, half), range(half, length)];
  return good.filter((indexes) => indexes.length > 0).map((indexes) => partOf(batch, indexes, compression));
}

/** A new batch of those records of another that stand at these places. */
function partOf(batch: Batch, indexes: readonly number[], compression: CompressionName): Batch {
  const writer = new BatchWriter(batch.bytes.length);
  const bytesOf = new ViewBytes();
  unwritten(batch, new Set(indexes)).each((record) => writer.append(bytesOf.at(record)));
  const { delivery, attempts, openedAt } = batch;
  const { payload } = writer;
  const bytes = writer.finish(compression, false);
  const part = newBatch(delivery, { bytes, lines: indexes.map((at) => batch.lines[at]!), payload, openedAt });
  part.attempts = attempts;
  return part;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
