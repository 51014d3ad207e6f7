/** Where throttles of replication are kept: lists of replicas on topics, rates on brokers (KIP-73). Reads and edits them. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { operations } from '../configs/changes.ts';
import { layeredConfigs } from '../configs/describe.ts';
import { configError } from '../configs/refusal.ts';
import { byTarget, type ConfigResource, resourceText, resourceTypes } from '../configs/resource.ts';
import { eachTopicConfigs } from '../configs/topic-configs.ts';
import { type Marks, marksIn } from './throttle-marks.ts';

export const leaderList = 'leader.replication.throttled.replicas';
export const followerList = 'follower.replication.throttled.replicas';
/** Whether a config of a topic is a list of replicas whose copying is throttled, as reassignments set it. */
export function isThrottleList(name: string): boolean {
  return name === leaderList || name === followerList;
}

export const rates = ['leader.replication.throttled.rate', 'follower.replication.throttled.rate'] as const;

export interface Edit {
  readonly resource: ConfigResource;
  readonly changes: readonly {
    readonly name: string;
    readonly operation: keyof typeof operations;
    readonly value: string | null;
  }[];
}

interface ThrottledLists {
  readonly topic: string;
  /** As they are; empty when not set. */
  readonly leaders: string;
  readonly followers: string;
}

export async function throttledLists(cluster: Cluster, topics: readonly string[]): Promise<readonly ThrottledLists[]> {
  const lists: ThrottledLists[] = [];
  await eachTopicConfigs(
    cluster,
    topics,
    (topic, configs) => {
      if (configs instanceof KtError) return;
      lists.push({ topic, leaders: configs[leaderList]?.value ?? '', followers: configs[followerList]?.value ?? '' });
    },
    { names: [leaderList, followerList] },
  );
  return lists;
}

interface MarkedThrottle extends Marks {
  readonly topic: string;
}

/** The throttles in the cluster that kt set. */
export async function markedThrottles(cluster: Cluster): Promise<readonly MarkedThrottle[]> {
  const { topics } = await cluster.metadata('all');
  const lists = await throttledLists(cluster, [...topics.keys()]);
  return lists.flatMap(({ topic, leaders }) => {
    const marks = marksIn(leaders);
    return marks ? [{ topic, ...marks }] : [];
  });
}

/** The rates set on each broker; none for a broker that is down. */
export async function brokerRates(
  cluster: Cluster,
  brokers: readonly number[],
): Promise<ReadonlyMap<number, readonly (readonly [name: string, rate: number])[]>> {
  const resources = brokers.map((broker): ConfigResource => ({ type: 'broker', name: String(broker) }));
  const configs = await layeredConfigs(cluster, resources, { names: rates, documentation: false, synonyms: false });
  return new Map(
    brokers.map((broker, index) => {
      const entries = configs[index]!;
      if (entries instanceof KtError) return [broker, []];
      const set = rates.filter((name) => entries[name]?.source === 'DYNAMIC_BROKER_CONFIG' && entries[name].value !== null);
      return [broker, set.map((name) => [name, Number(entries[name]!.value)] as const)];
    }),
  );
}

/** @throws KtError `refused` for the first resource that the cluster refuses, after all were tried */
export async function edit(cluster: Cluster, edits: readonly Edit[]): Promise<void> {
  const changesOf = new Map(edits.map(({ resource, changes }) => [resourceText(resource), changes]));
  const refusals = await Promise.all(
    byTarget(
      edits.map(({ resource }) => resource),
      'controller',
    ).map(async ([target, part]) => {
      const resources = part.map((resource) => ({
        resourceType: resourceTypes[resource.type].code,
        resourceName: resource.name,
        configs: changesOf
          .get(resourceText(resource))!
          .map(({ name, operation, value }) => ({ name, configOperation: operations[operation], value })),
      }));
      const { responses } = await cluster.request('IncrementalAlterConfigs', { resources }, target);
      return responses.flatMap(({ errorCode, errorMessage, resourceName }) => {
        const resource = part.find(({ name }) => name === resourceName);
        if (errorCode === 0 || !resource) return [];
        const what = `throttle of ${resourceText(resource)} not changed`;
        return [configError(errorCode, what, errorMessage, resource, 'ALTER_CONFIGS')];
      });
    }),
  );
  const [first] = refusals.flat();
  if (first) throw first;
}
