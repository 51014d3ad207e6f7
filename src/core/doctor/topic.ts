/** One topic: whether it is there with all its partitions, and whether its records can be read. */

import { KtError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import type { Cluster, TopicMetadata, TopicPartition } from '../../kafka/cluster.ts';
import { firstRecords, type Lookup } from '../../kafka/fetch/first-record.ts';
import { partitionName } from '../../kafka/routing.ts';
import { offsetOf, offsetRanges } from '../offsets/list.ts';
import { findTopics, replicationFactorOf, topicError } from '../topics/find.ts';
import { age, begin, type Examination, failure, someOf, type Told } from './finding.ts';

/** @returns undefined for a topic that there is not, or that has no partition with a leader */
export async function* examineTopic(cluster: Cluster, name: string): Examination<TopicMetadata | undefined> {
  const found = begin('topic');
  try {
    const { topics, missing } = await findTopics(cluster, [name], true);
    const [topic] = topics;
    const error = missing[0]?.error ?? (topic && topicError(topic));
    if (!topic || error) {
      yield found(failure(name, error));
      return undefined;
    }
    yield found({ target: name, ...described(topic) });
    return led(topic).length > 0 ? topic : undefined;
  } catch (error) {
    yield found(failure(name, error));
    return undefined;
  }
}

function described(topic: TopicMetadata): Omit<Told, 'target'> {
  const { partitions } = topic;
  const size = `${counted(partitions.length, 'partition')} with ${counted(replicationFactorOf(topic), 'replica')} each`;
  const lost = partitions.filter(({ leader }) => leader < 0);
  if (lost.length === 0) return { verdict: 'ok', found: size };
  const names = someOf(lost.map(({ partition }) => `${partition}`));
  const homes = [...new Set(lost.flatMap(({ replicas }) => replicas))].sort((a, b) => a - b).map(String);
  return {
    verdict: 'fail',
    found: `${size}, of which ${lost.length === partitions.length ? 'none has a leader' : `these have no leader: ${names}`}`,
    why: `the brokers of their in-sync replicas are down; replicas are on ${someOf(homes, 8)}`,
    cure: 'start one of them; where none comes back: kt partitions elect-leaders TOPIC --unclean, which loses records',
  };
}

function led({ topic, partitions }: TopicMetadata): readonly TopicPartition[] {
  return partitions.filter(({ leader }) => leader >= 0).map(({ partition }) => ({ topic, partition }));
}

/** Reads the oldest and the newest record of each partition. */
export async function* examineReading(cluster: Cluster, topic: TopicMetadata): Examination<void> {
  const found = begin('read');
  const target = topic.topic;
  try {
    const partitions = led(topic);
    const { starts, ends } = await offsetRanges(cluster, partitions, 'read_uncommitted');
    const lookups = partitions.flatMap((partition): Lookup[] => {
      const [start, end] = [offsetOf(starts, partition), offsetOf(ends, partition)];
      if (start === null || end === null || start === end) return [];
      return [start, end - 1n].map((offset) => ({ ...partition, offset, end }));
    });
    const records = await firstRecords(cluster, lookups, 'read_uncommitted');
    const errors = partitions.flatMap((partition) => {
      const answer = [starts, ends, records]
        .map((each) => each.get(partitionName(partition)))
        .find((each) => each instanceof KtError);
      return answer instanceof KtError ? [{ partition: partition.partition, error: answer }] : [];
    });
    if (errors.length > 0) {
      const which = someOf(errors.map(({ partition }) => `${partition}`));
      const all = errors.length === partitions.length;
      const what = all
        ? 'no partition can be read'
        : `${errors.length === 1 ? 'partition' : 'partitions'} ${which} cannot be read`;
      yield found(failure(target, errors[0]!.error, what));
      return;
    }
    const newest = [...records.values()].flatMap((each) => (each instanceof KtError ? [] : [...each.timestamps.values()]));
    const latest = newest.reduce<number>((most, timestamp) => Math.max(most, timestamp ?? -1), -1);
    const ago = latest < 0 ? '' : `; the newest was written ${age(Date.now() - latest)} ago`;
    const filled = new Set(lookups.map(({ partition }) => partition)).size;
    const read =
      filled === 0
        ? 'it can be read, and holds no record'
        : `the oldest and the newest record of ${counted(filled, 'partition')} can be read`;
    yield found({ target, verdict: 'ok', found: `${read}${ago}` });
  } catch (error) {
    yield found(failure(target, error));
  }
}
