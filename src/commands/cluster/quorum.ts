/** `kt cluster quorum`: who leads the metadata quorum, and who is behind. */
import { isoTime } from '../../base/iso-time.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { describeQuorum, type Quorum, type QuorumReplica } from '../../core/cluster/quorum.ts';

const replicaFields = (list: string): Readonly<Record<string, string>> => ({
  [`${list}[].node`]: 'node id',
  [`${list}[].role`]: list === 'voters' ? 'leader or follower' : 'observer: a broker, or a controller without a vote',
  [`${list}[].directoryId`]: 'id of its metadata directory; null in quorums that do not use it',
  [`${list}[].logEndOffset`]: 'the offset after its last record',
  [`${list}[].lag`]: 'records behind the leader',
  [`${list}[].lagMs`]: 'milliseconds since it had all that the leader has; null when unknown',
  [`${list}[].lastFetchTimestamp`]: 'epoch ms of its last fetch; null when unknown',
  [`${list}[].lastCaughtUpTimestamp`]: 'epoch ms when it last had all of the leader’s log; null when unknown',
});

const shows: TableShape<Quorum> = {
  kind: 'table',
  blocks: ({ clusterId, leader, epoch, highWatermark, voters, observers }) => [
    {
      heading: [
        ['cluster id', clusterId],
        ['leader', leader < 0 ? null : leader, 'strong'],
        ['epoch', epoch],
        ['high watermark', highWatermark],
      ],
      columns: [
        { header: 'NODE', get: ({ node }: QuorumReplica) => node },
        {
          header: 'ROLE',
          get: ({ role }: QuorumReplica) => role,
          tone: ({ role }: QuorumReplica) => (role === 'leader' ? 'good' : 'dim'),
        },
        { header: 'LOG-END-OFFSET', get: ({ logEndOffset }: QuorumReplica) => logEndOffset },
        { header: 'LAG', get: ({ lag }: QuorumReplica) => lag, unit: 'count' },
        { header: 'LAG-MS', get: ({ lagMs }: QuorumReplica) => lagMs, unit: 'ms' },
        { header: 'LAST-CAUGHT-UP', get: ({ lastCaughtUpTimestamp }: QuorumReplica) => shownTime(lastCaughtUpTimestamp) },
        { header: 'LAST-FETCH', get: ({ lastFetchTimestamp }: QuorumReplica) => shownTime(lastFetchTimestamp), wide: true },
        { header: 'DIRECTORY-ID', get: ({ directoryId }: QuorumReplica) => directoryId, wide: true },
      ],
      rows: [...voters, ...observers],
    },
  ],
  names: ({ voters, observers }) => [...voters, ...observers].map(({ node }) => String(node)),
  fields: {
    clusterId: 'id of the cluster',
    leader: 'node id of the leader, the active controller; -1 without one',
    epoch: 'epoch of the leader, raised with each election',
    highWatermark: 'offset up to which a majority has the metadata',
    ...replicaFields('voters'),
    ...replicaFields('observers'),
  },
};

export const clusterQuorum = command({
  name: 'cluster quorum',
  summary: 'Show the metadata quorum: leader, voters, observers and their lag',
  description:
    'Only KRaft clusters have a quorum. A voter whose lag grows, or whose last caught-up time does not advance, is down or cannot reach the leader; the cluster needs a majority of voters.',
  args: {},
  options: {},
  shows,
  examples: [{ line: 'kt cluster quorum', does: 'show the leader, and which controllers and brokers are behind' }],
  async run({ cluster }) {
    return describeQuorum(await cluster());
  },
});

function shownTime(timestamp: number | null): string | null {
  return timestamp === null ? null : isoTime(timestamp);
}
