/** `produce --dry-run`: reads and checks all of the input, and sends nothing. */
import { KtError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { partitioner } from '../../kafka/records/partitioner.ts';
import type { ProduceRequest } from './produce.ts';
import { partitionCount, RecordReader, untilAborted } from './record-reader.ts';
import { chunks, type OnPiece, splitter } from './split.ts';

export interface DryRun {
  readonly records: number;
  /** Of keys and values. */
  readonly bytes: number;
  /** That records would go to; those without a key may go to others when they are sent. */
  readonly partitions: number;
  /** What would end the input early. */
  readonly stoppedBy: KtError | undefined;
}

/** What would be written. @throws KtError `refused` for an unknown topic, `usage` for a partition that it does not have */
export async function dryRun(
  cluster: Cluster,
  request: ProduceRequest,
  input: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<DryRun> {
  const count = await partitionCount(cluster, request.topic);
  const reader = new RecordReader(request, count, partitioner(request.partitioner, count));
  const { record } = reader;
  const partitions = new Set<number>();
  let records = 0;
  let bytes = 0;
  const onPiece: OnPiece = (piece, start, end, line) => {
    partitions.add(reader.read(piece, start, end, line));
    bytes += record.keyEnd - record.keyStart + (record.valueEnd - record.valueStart);
    records++;
  };
  const pieces = request.separator ? splitter(request.separator, onPiece) : chunks(onPiece);
  let stoppedBy: KtError | undefined;
  try {
    for await (const chunk of untilAborted(input, signal)) pieces.push(chunk);
    pieces.end();
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'usage') throw error;
    stoppedBy = error;
  }
  return { records, bytes, partitions: partitions.size, stoppedBy };
}
