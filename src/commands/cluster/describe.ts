/** `kt cluster describe`: the cluster, its brokers and what they carry. */

import type { TableShape, Tone } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type BrokerDescription, type ClusterDescription, describeCluster } from '../../core/cluster/describe.ts';

const tones: Readonly<Record<BrokerDescription['status'], Tone>> = { running: 'good', fenced: 'warn', offline: 'bad' };

const shows: TableShape<ClusterDescription> = {
  kind: 'table',
  blocks: ({ clusterId, controller, metadataVersion, topics, partitions, brokers }) => [
    {
      heading: [
        ['cluster id', clusterId, 'strong'],
        ['controller', controller],
        ['metadata version', metadataVersion],
        ['topics', topics],
        ['partitions', partitions],
      ],
      columns: [
        { header: 'BROKER', get: ({ broker }: BrokerDescription) => broker },
        { header: 'HOST', get: ({ host }: BrokerDescription) => host },
        { header: 'PORT', get: ({ port }: BrokerDescription) => port },
        { header: 'RACK', get: ({ rack }: BrokerDescription) => rack },
        {
          header: 'STATUS',
          get: ({ status }: BrokerDescription) => status,
          tone: ({ status }: BrokerDescription) => tones[status],
        },
        { header: 'KAFKA', get: ({ release }: BrokerDescription) => release },
        { header: 'LEADERS', get: ({ leaders }: BrokerDescription) => leaders },
        { header: 'REPLICAS', get: ({ replicas }: BrokerDescription) => replicas },
      ],
      rows: brokers,
    },
  ],
  names: ({ brokers }) => brokers.map(({ broker }) => String(broker)),
  json: ({ problems: _, ...cluster }) => cluster,
  problems: ({ problems }) => problems,
  fields: {
    clusterId: 'id of the cluster',
    controller:
      'node id of the active controller; null without one. With KRaft the leader of the quorum, where this user may see it',
    metadataVersion: 'the finalized metadata.version, such as 4.3-IV0; null where the cluster has none',
    topics: 'number of topics, including internal ones',
    partitions: 'number of their partitions',
    'brokers[].broker': 'broker id',
    'brokers[].host': 'host that it advertises; null for a broker that is not in the cluster',
    'brokers[].port': 'port that it advertises',
    'brokers[].rack': 'its rack, or null',
    'brokers[].status':
      'running, fenced (registered, not in service; Kafka 4.0) or offline (has replicas, but is not in the cluster)',
    'brokers[].controller': 'whether it is the controller',
    'brokers[].release':
      'the Kafka release it runs, as far as its versions tell: 4.3, or 2.8 or newer; null when it does not answer',
    'brokers[].leaders': 'partitions that it leads',
    'brokers[].replicas': 'replicas that it holds',
    'features[].feature': 'as kt cluster features shows them',
  },
};

export const clusterDescribe = command({
  name: 'cluster describe',
  summary: 'Describe the cluster and its brokers',
  description:
    'A broker’s Kafka release is derived from the API versions it supports. A broker that is down is known only from its replicas: it is shown as offline, or as fenced where the cluster says so.',
  args: {},
  options: {},
  shows,
  examples: [
    { line: 'kt cluster describe', does: 'show the brokers, their versions, and how leaders are spread' },
    { line: 'kt cluster describe -o json', does: 'the same with features, for scripts' },
  ],
  async run({ clusterOnDemand }) {
    return describeCluster(await clusterOnDemand());
  },
});
