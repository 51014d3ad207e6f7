/** What a topic no longer holds of its past: a table as of a time, or of all events, lacks it. */
import { KtError } from '../../base/errors.ts';
import { eachTopicConfigs } from '../../core/configs/topic-configs.ts';
import { offsetRanges } from '../../core/offsets/list.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';

/** What to tell people; undefined where the topic holds all that was written, as far as this user may know. */
export async function lostHistory(
  cluster: Cluster,
  topic: string,
  partitions: readonly TopicPartition[],
): Promise<string | undefined> {
  let policy = '';
  await eachTopicConfigs(
    cluster,
    [topic],
    (_topic, configs) => {
      if (!(configs instanceof KtError)) policy = String(configs['cleanup.policy']?.value ?? '');
    },
    { names: ['cleanup.policy'] },
  );
  if (policy.includes('compact')) return `${topic} is compacted: records that newer ones of their key replaced may be gone`;
  const { starts } = await offsetRanges(cluster, partitions, 'read_uncommitted');
  for (const partition of partitions) {
    const start = starts.get(partitionName(partition));
    if (start && !(start instanceof KtError) && start.offset > 0n)
      return `${topic} no longer has its first records: ${partitionName(partition)} begins at offset ${start.offset}`;
  }
  return undefined;
}
