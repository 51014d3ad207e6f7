/** `produce --dry-run`: reads and checks all of the input, and sends nothing. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { untilAborted } from './chunks.ts';
import { PieceQueue } from './piece-queue.ts';
import { RecordReader } from './record-reader.ts';
import type { ProduceRequest } from './request.ts';

export interface DryRun {
  readonly records: number;
  /** Of keys and values. */
  readonly bytes: number;
  readonly topics: readonly string[];
  /** Partitions that records would go to; records without a key may go to others when they are sent. */
  readonly partitions: number;
  /** What would end the input early. */
  readonly stoppedBy: KtError | undefined;
}

/** What would be written. @throws KtError `refused` for an unknown topic, `usage` for a partition that it lacks */
export async function dryRun(
  cluster: Cluster,
  request: ProduceRequest,
  input: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<DryRun> {
  const reader = await RecordReader.open(cluster, request);
  const { record } = reader;
  const topics = new Set<string>();
  const partitions = new Set<string>();
  let records = 0;
  let bytes = 0;
  const queue = new PieceQueue((piece, start, end, line) => {
    const learning = reader.read(piece, start, end, line);
    if (learning) return learning;
    const { topic } = reader.destination;
    topics.add(topic);
    partitions.add(`${topic}-${reader.partition}`);
    bytes += record.keyEnd - record.keyStart + (record.valueEnd - record.valueStart);
    records++;
    return undefined;
  });
  const pieces = request.split(queue.add);
  const cut = async (step: () => void): Promise<void> => {
    try {
      step();
    } finally {
      while (!queue.isEmpty) {
        const waiting = queue.next();
        if (waiting) await waiting;
      }
    }
  };
  let stoppedBy: KtError | undefined;
  try {
    for await (const chunk of untilAborted(input, signal)) {
      await cut(() => pieces.push(chunk));
    }
    await cut(() => pieces.end());
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'usage') throw error;
    stoppedBy = error;
  }
  return { records, bytes, topics: [...topics], partitions: partitions.size, stoppedBy };
}
