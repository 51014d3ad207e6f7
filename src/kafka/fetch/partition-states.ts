/** All partitions of one reader, found by the topic name or topic id that an answer carries. */
import type { ClusterMetadata, TopicPartition } from '../cluster.ts';
import type { FetchRange } from './fetch.ts';
import { lastVersionByName } from './fetch-request.ts';
import { fetchStateOf, type PartitionFetchState } from './partition-state.ts';

export class PartitionStates {
  readonly all: PartitionFetchState[] = [];
  readonly #byTopic = new Map<string, PartitionFetchState[]>();
  readonly #topicOfId = new Map<string, string>();
  #maxVersion: number | undefined;

  /** Reads these ranges as well; `metadata` knows their leaders. */
  add(ranges: readonly FetchRange[], metadata: ClusterMetadata): void {
    for (const range of ranges) {
      const topic = metadata.topics.get(range.topic);
      const topicId = topic?.topicId ?? null;
      if (topicId === null) this.#maxVersion = lastVersionByName;
      else this.#topicOfId.set(topicId, range.topic);
      const state = fetchStateOf(range, topicId);
      const partition = topic?.partitions.find((candidate) => candidate.partition === range.partition);
      if (partition && partition.leader >= 0) {
        state.leader = partition.leader;
        state.leaderEpoch = partition.leaderEpoch;
      }
      this.all.push(state);
      const states = this.#byTopic.get(range.topic) ?? [];
      states[range.partition] = state;
      this.#byTopic.set(range.topic, states);
    }
  }

  /** The highest version of Fetch that these topics allow; undefined for any. */
  get maxVersion(): number | undefined {
    return this.#maxVersion;
  }

  /** The topic of an answer, which has a name or an id. */
  topicOf({ topic, topicId }: { readonly topic: string; readonly topicId: string }): string {
    return this.#topicOfId.get(topicId) ?? topic;
  }

  /** The newest range of a partition. */
  of({ topic, partition }: TopicPartition): PartitionFetchState | undefined {
    return this.#byTopic.get(topic)?.[partition];
  }

  get allDone(): boolean {
    return this.all.every(({ done }) => done);
  }

  get withoutLeader(): readonly PartitionFetchState[] {
    return this.all.filter(({ done, leader }) => !done && leader === undefined);
  }

  /** The partitions of a broker to fetch now. */
  ledBy(broker: number): readonly PartitionFetchState[] {
    return this.all.filter(({ leader, done, held }) => leader === broker && !done && !held);
  }
}
