/** `kt local status`: whether a local Kafka runs, and where. */

import { option } from '../../cli/define.ts';
import { text } from '../../cli/options.ts';
import { command } from '../../context.ts';
import { localStatus } from '../../local/cluster.ts';
import { localPlace } from '../../local/place.ts';
import type { LocalNode } from '../../local/status.ts';
import { clusterFields, clusterShape, type ShownCluster } from './shape.ts';

const shape = clusterShape(clusterFields);

export const localStatusCommand = command({
  name: 'local status',
  summary: 'Show whether a local Kafka runs, and its brokers',
  args: {},
  options: { name: option('--name <name>', 'name of the cluster', text, { defaultText: 'default' }) },
  shows: {
    ...shape,
    blocks: (cluster: ShownCluster) => [
      ...shape.blocks(cluster),
      ...(cluster.nodes
        ? [
            {
              columns: [
                { header: 'BROKER', get: (node: LocalNode) => node.id },
                { header: 'ADDRESS', get: (node: LocalNode) => `${node.host}:${node.port}` },
                {
                  header: 'STATUS',
                  get: (node: LocalNode) => (node.running ? 'running' : 'stopped'),
                  tone: (node: LocalNode) => (node.running ? ('good' as const) : ('dim' as const)),
                },
                { header: 'PID', get: (node: LocalNode) => node.pid || null },
                { header: 'LOG', get: (node: LocalNode) => node.logFile },
              ],
              rows: cluster.nodes,
            },
          ]
        : []),
    ],
  },
  examples: [
    { line: 'kt local status', does: 'the default cluster' },
    { line: 'kt local status -o json | jq -r .bootstrapServers', does: 'its address, for a script' },
  ],
  async run({ env, signal, note }, _, { name = 'default' }): Promise<ShownCluster> {
    return (await localStatus(localPlace(name, env), { signal, note })) ?? { name, status: 'absent' };
  },
});
