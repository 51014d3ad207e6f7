/** Hints on topics that were described: looks up what the rules of thumb need beside them. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { describeMembers, type GroupMembers } from '../groups/describe.ts';
import { listGroups } from '../groups/list.ts';
import type { DescribedTopics } from './describe.ts';
import { topicHints } from './hints.ts';

/**
 * The rules of thumb that the topics break. Groups that cannot be read are left out: hints are best effort.
 * @returns a line each
 */
export async function describedHints(cluster: Cluster, { topics, minIsr }: DescribedTopics): Promise<readonly string[]> {
  const [{ brokers }, groups] = await Promise.all([cluster.cachedMetadata([]), readingGroups(cluster)]);
  return topics.flatMap((topic) => topicHints(topic, { brokers: brokers.length, minIsr, groups }));
}

async function readingGroups(cluster: Cluster): Promise<ReadonlyMap<string, GroupMembers>> {
  try {
    // Do not wait for a coordinator that is moving.
    const { groups } = await listGroups(cluster, { state: 'Stable', whole: false, timeoutMs: 0 });
    const reading = groups.filter(({ type, protocolType }) => type !== 'share' && protocolType === 'consumer');
    const known = new Map(reading.map(({ group, coordinator }) => [group, coordinator]));
    const members = await describeMembers(cluster, reading, { timeoutMs: 0, known });
    return new Map([...members].flatMap(([group, found]) => (found instanceof KtError ? [] : [[group, found]])));
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'refused') throw error;
    return new Map();
  }
}
