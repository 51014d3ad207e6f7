/** `groups export` and `groups copy`: a group's offsets, to be given to another group. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { TopicSelection } from '../partitions/selection.ts';
import { namedGroup } from './named.ts';
import { planReset, type ResetReport } from './reset.ts';

export interface ExportedOffset extends TopicPartition {
  readonly group: string;
  /** The next offset the group reads. */
  readonly offset: bigint;
}

/** A group's offsets by topic and partition; partitions it never committed are left out. @throws KtError `refused` for an unknown group */
export async function exportOffsets(cluster: Cluster, group: string): Promise<readonly ExportedOffset[]> {
  const { position, missing } = await namedGroup(cluster, group);
  if (!position) throw missing;
  return position.commits
    .map(({ topic, partition, offset }) => ({ group, topic, partition, offset }))
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}

/**
 * The plan to give one group the offsets of another; offsets that only the target has stay.
 * @throws KtError `refused` for an unknown source, or one without offsets
 */
export async function planCopy(
  cluster: Cluster,
  source: string,
  target: string,
  topics: readonly TopicSelection[],
): Promise<ResetReport> {
  const offsets = await exportOffsets(cluster, source);
  if (offsets.length === 0) {
    throw new KtError('refused', `group ${source} has no offsets to copy (it never committed any)`, {
      code: 'GROUP_ID_NOT_FOUND',
      hint: `kt groups describe ${shellWord(source)} shows its members`,
    });
  }
  const given = new Map(offsets.map((each) => [partitionName(each), each.offset]));
  return planReset(cluster, { group: target, to: { at: 'given', offsets: given }, topics });
}
