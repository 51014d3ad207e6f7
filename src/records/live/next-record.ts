/** The first record at or behind an offset: what a group reads next. */
import type { Cluster } from '../../kafka/cluster.ts';
import type { BoundedRange } from '../../kafka/fetch/fetch.ts';
import { type CopiedRecord, RecordCopies } from '../copied-record.ts';
import { HeldBytes } from '../held-bytes.ts';
import { lookForRecords } from '../look.ts';
import type { RecordSchemas } from '../schemas/record-schemas.ts';

const partitionMaxBytes = 64 << 10;

/**
 * @returns undefined where there is none in the range: compacted away, or only markers of transactions
 * @throws KtError `refused`, `connection`
 */
export async function nextRecord(
  cluster: Cluster,
  range: BoundedRange,
  options: {
    readonly signal: AbortSignal;
    readonly schemas: RecordSchemas | undefined;
    readonly maxBatchBytes?: number | undefined;
  },
): Promise<CopiedRecord | undefined> {
  const { signal, schemas, maxBatchBytes } = options;
  const copies = new RecordCopies(new HeldBytes('kt top', maxBatchBytes));
  let found: CopiedRecord | undefined;
  const look = { direction: 'ahead', count: 1, leastOffsets: 10, growth: 8 } as const;
  // A group may be stuck on a record of an open transaction.
  const fetching = { isolation: 'read_uncommitted', signal, warn: () => {}, partitionMaxBytes, maxBatchBytes } as const;
  await lookForRecords(cluster, [range], look, fetching, (record) => {
    if (!found || record.offset < found.offset) found = copies.copy(record);
  });
  const record = found;
  if (record) await schemas?.prepare({ topic: range.topic, each: (visit) => void visit(record) });
  return record;
}
