/** A broker's answer to ShareFetch: the records it hands out, and what it says of each partition. */
import { KtError } from '../../base/errors.ts';
import { decoded } from '../fetch/decode.ts';
import type { FetchOptions } from '../fetch/fetch.ts';
import { type PartitionFetchState, refuseRead } from '../fetch/partition-state.ts';
import { refusedFor } from '../permissions.ts';
import { errorOf, refused } from '../wire/errors.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import { AcquiredRecords } from './acquired.ts';
import type { SharePartitions } from './share-partitions.ts';

export type ShareAnswer = ResponseBodies['ShareFetch'];
type PartitionAnswer = ShareAnswer['responses'][number]['partitions'][number];
type Sizes = Pick<FetchOptions, 'maxBatchBytes' | 'partBytes'>;

/**
 * The records that were handed out, by partition; those behind the end are given back when the session ends.
 * @param wanted the partitions that were asked for
 * @throws KtError `refused` (no permission); `connection` for partitions that were not asked for
 */
export async function takeAcquired(
  answer: ShareAnswer,
  wanted: readonly PartitionFetchState[],
  partitions: SharePartitions,
  sizes: Sizes,
): Promise<readonly AcquiredRecords[]> {
  const acquired: AcquiredRecords[] = [];
  const answered = new Set(wanted);
  let isEmpty = true;
  for (const { topicId, partitions: answers } of answer.responses) {
    for (const partition of answers) {
      const state = wanted.find((each) => each.topicId === topicId && each.partition === partition.partitionIndex);
      const [first] = partition.acquiredRecords;
      if (partition.errorCode !== 0 && state) {
        answered.delete(state);
        refuse(state, partition);
      } else if (first) {
        if (!state) throw unasked(topicId, partition.partitionIndex);
        isEmpty = false;
        const { lastOffset } = partition.acquiredRecords.at(-1)!;
        if (partitions.came(state, first.firstOffset, lastOffset)) acquired.push(await recordsOf(state, partition, sizes));
      }
    }
  }
  partitions.answered([...answered]);
  if (isEmpty) partitions.nothingCame([...answered]);
  return acquired;
}

async function recordsOf(
  { topic, partition }: PartitionFetchState,
  { records, acquiredRecords }: PartitionAnswer,
  { maxBatchBytes, partBytes }: Sizes,
): Promise<AcquiredRecords> {
  const bytes = records ?? Buffer.alloc(0);
  const startOffset = acquiredRecords[0]!.firstOffset;
  // The broker hands out no record of an aborted transaction where the group wants committed ones.
  const found = await decoded({
    topic,
    partition,
    bytes,
    startOffset,
    abortedTransactions: undefined,
    maxBatchBytes,
    partBytes,
  });
  return new AcquiredRecords(found.records.parts(), acquiredRecords);
}

/** @throws KtError `refused` where the error does not pass with time */
function refuse(state: PartitionFetchState, { errorCode, errorMessage }: PartitionAnswer): void {
  const { topic, partition } = state;
  const what = `reading ${topic}:${partition}`;
  if (!errorOf(errorCode).retriable) throw refusedFor(errorCode, what, { topic: ['READ', topic] }, errorMessage);
  refuseRead(state, refused(errorCode, what, errorMessage));
}

function unasked(topicId: string, partition: number): KtError {
  return new KtError(
    'connection',
    `the answer to ShareFetch cannot be read (${topicId}:${partition} is not what was asked for)`,
    {
      code: 'CORRUPT_MESSAGE',
    },
  );
}
