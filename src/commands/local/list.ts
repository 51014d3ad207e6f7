/** `kt local list`: the local clusters, running or not. */
import { command } from '../../context.ts';
import { localClusters } from '../../local/list.ts';
import { localPlace } from '../../local/place.ts';
import { clusterFields, clusterRows } from './shape.ts';

export const localList = command({
  name: 'local list',
  summary: 'List local clusters',
  args: {},
  options: {},
  shows: clusterRows({ ...clusterFields, status: 'running, partial (some brokers are down) or stopped (its data is kept)' }),
  examples: [{ line: 'kt local list', does: 'all local clusters, running and stopped' }],
  async run({ env, signal, note }) {
    const clusters = await localClusters(localPlace('default', env), { signal, note });
    if (clusters.length === 0) note('no local cluster; kt local up starts one');
    return clusters;
  },
});
