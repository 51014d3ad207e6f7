/** Waits for started reassignments, and says how each ended. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import { untilSeen } from '../topics/until-seen.ts';
import type { ReassignOutcome } from './reassign.ts';
import { ongoingReassignments, withBytesLeft } from './reassignments.ts';

const watchEveryMs = 500;

/** How far moves have come. */
export interface MoveProgress {
  readonly partitions: number;
  readonly partitionsDone: number;
  /** Null where brokers do not tell sizes. */
  readonly bytes: bigint | null;
  readonly bytesDone: bigint | null;
}

/**
 * Waits until all started moves have ended, and returns how.
 * @param report called repeatedly
 * @throws the reason of an interruption; the moves continue
 */
export async function untilMoved(
  cluster: Cluster,
  started: readonly ReassignOutcome[],
  report: (progress: MoveProgress) => void,
): Promise<readonly ReassignOutcome[]> {
  const names = new Set(started.map(nameOf));
  const bytes = started.reduce<bigint | null>(
    (sum, each) => (sum === null || each.bytes === null ? null : sum + each.bytes),
    0n,
  );
  for (;;) {
    const ongoing = (await ongoingReassignments(cluster)).filter((item) => names.has(partitionName(item)));
    if (ongoing.length === 0) return ended(cluster, started);
    const left = (await withBytesLeft(cluster, ongoing)).reduce<bigint | null>(
      (sum, each) => (sum === null || each.bytesLeft === null ? null : sum + each.bytesLeft),
      0n,
    );
    const bytesDone = bytes === null || left === null ? null : left > bytes ? 0n : bytes - left;
    report({ partitions: started.length, partitionsDone: started.length - ongoing.length, bytes, bytesDone });
    await pause(watchEveryMs, cluster.signal);
  }
}

function nameOf({ topic, partition }: ReassignOutcome): string {
  return partitionName({ topic, partition: partition! });
}

/** Whether each partition has the planned replicas: somebody else may have cancelled or changed the move. */
async function ended(cluster: Cluster, started: readonly ReassignOutcome[]): Promise<readonly ReassignOutcome[]> {
  const names = [...new Set(started.map(({ topic }) => topic))];
  let { topics } = await cluster.metadata(names);
  const partitionOf = (outcome: ReassignOutcome) =>
    topics.get(outcome.topic)?.partitions.find(({ partition }) => partition === outcome.partition);
  await untilSeen(cluster, async () => {
    ({ topics } = await cluster.metadata(names));
    return started.every((outcome) => sameBrokers(partitionOf(outcome)?.replicas ?? outcome.to, outcome.to));
  });
  return started.map((outcome): ReassignOutcome => {
    const now = partitionOf(outcome);
    if (!now || sameBrokers(now.replicas, outcome.to)) return { ...outcome, status: 'reassigned' };
    const error = new KtError(
      'refused',
      `partition ${nameOf(outcome)} is on brokers ${now.replicas.join(', ')} (somebody else cancelled or changed its reassignment)`,
      {
        code: 'NO_REASSIGNMENT_IN_PROGRESS',
        hint: 'run it again to move it',
      },
    );
    return { ...outcome, status: 'failed', error };
  });
}

function sameBrokers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}
