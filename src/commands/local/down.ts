/** `kt local down`: ends a local Kafka. */
import { command, flag, option } from '../../cli/define.ts';
import { text } from '../../cli/options.ts';
import { stopLocal } from '../../local/cluster.ts';
import { localPlace } from '../../local/place.ts';
import { clusterFields, clusterShape, type ShownCluster } from './shape.ts';

export const localDown = command({
  name: 'local down',
  summary: 'Stop a local Kafka, keeping its data',
  description:
    'Ends the brokers with a controlled shutdown. The data stays for the next kt local up, unless --purge drops it. A cluster that is not there is no error.',
  args: {},
  options: {
    purge: flag('--purge', 'also drop the data and settings'),
    name: option('--name <name>', 'which cluster', text, { defaultText: 'default' }),
  },
  shows: clusterShape({ ...clusterFields, status: 'stopped, purged or absent' }),
  examples: [
    { line: 'kt local down', does: 'stop the default cluster; its topics are kept' },
    { line: 'kt local down --purge', does: 'stop it and drop everything' },
  ],
  async run({ env, signal, note, progress }, _, { name = 'default', purge }): Promise<ShownCluster> {
    const spinner = progress('stopping Kafka');
    try {
      const cluster = await stopLocal({ ...localPlace(name, env), purge }, { signal, note });
      if (!cluster) return { name, status: 'absent' };
      return purge ? { ...cluster, status: 'purged' } : cluster;
    } finally {
      spinner.stop();
    }
  },
});
