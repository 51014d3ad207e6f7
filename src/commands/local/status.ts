/** `kt local status`: whether a local Kafka runs, and where. */

import { option } from '../../cli/define.ts';
import { text } from '../../cli/options.ts';
import type { Column } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { localStatus } from '../../local/cluster.ts';
import { localClusters } from '../../local/list.ts';
import { localPlace } from '../../local/place.ts';
import type { LocalNode } from '../../local/status.ts';
import { clusterFields, clusterShape, type ShownCluster } from './shape.ts';

const shape = clusterShape(clusterFields);

const nodeColumns: readonly Column<LocalNode>[] = [
  { header: 'BROKER', get: ({ id }) => id },
  { header: 'ADDRESS', get: ({ host, port }) => `${host}:${port}` },
  {
    header: 'STATUS',
    get: ({ running }) => (running ? 'running' : 'stopped'),
    tone: ({ running }) => (running ? 'good' : 'dim'),
  },
  { header: 'PID', get: ({ pid }) => pid || null },
  { header: 'LOG', get: ({ logFile }) => logFile },
];

export const localStatusCommand = command({
  name: 'local status',
  summary: 'Show whether a local Kafka runs, and its brokers',
  args: {},
  options: { name: option('--name <name>', 'name of the cluster', text, { defaultText: 'default' }) },
  shows: {
    ...shape,
    tables: [...shape.tables!, nodeColumns],
    blocks: (cluster: ShownCluster) => [
      ...shape.blocks(cluster),
      ...(cluster.nodes ? [{ columns: nodeColumns, rows: cluster.nodes }] : []),
    ],
  },
  examples: [
    { line: 'kt local status', does: 'the default cluster' },
    { line: 'kt local status -o json | jq -r .bootstrapServers', does: 'its address, for a script' },
  ],
  async run({ env, signal, note }, _, { name = 'default' }): Promise<ShownCluster> {
    const place = localPlace(name, env);
    const status = await localStatus(place, { signal, note });
    if (status) return status;
    const others = (await localClusters(place, { signal, note })).map((cluster) => cluster.name);
    if (others.length > 0) note(`there is no local cluster ${name}, but ${others.join(', ')}: --name shows another one`);
    return { name, status: 'absent' };
  },
});
