/** Records that retention or delete-records removed before they were read. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../cluster.ts';
import type { PartitionFetchState } from './partition-state.ts';

/** ListOffsets' timestamp for the start of the log. */
const earliest = -2n;

/**
 * After OFFSET_OUT_OF_RANGE: moves a partition to the start of its log, when its offset lies before that.
 * @returns what to tell people about it
 * @throws KtError `refused` when the offset is beyond the end of the log
 */
export async function skipDeletedRecords(cluster: Cluster, state: PartitionFetchState, signal: AbortSignal): Promise<string> {
  const { topic, partition, offset } = state;
  const response = await cluster.request(
    'ListOffsets',
    {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp: earliest }] }],
    },
    { broker: state.leader! },
    { signal },
  );
  const start = response.topics[0]?.partitions[0]?.offset ?? -1n;
  if (start <= offset) {
    throw new KtError('refused', `offset ${offset} of ${topic}:${partition} is beyond the log's end`, {
      code: 'OFFSET_OUT_OF_RANGE',
      hint: 'was the topic created anew, or did it lose records? --from-beginning reads what is there',
    });
  }
  if (state.start === offset) state.start = start;
  // Nothing came between two gaps that touch each other: they are one.
  state.deleted = { from: state.deleted?.to === offset ? state.deleted.from : offset, to: start };
  state.offset = start;
  state.done = state.end !== undefined && start >= state.end;
  return `${topic}:${partition}: offsets ${offset} to ${start - 1n} were deleted before they were read (retention); continuing at ${start}`;
}
