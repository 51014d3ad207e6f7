/** `kt local down`: ends a local Kafka. */
import { formatSize } from '../../base/units.ts';
import { flag, option } from '../../cli/define.ts';
import { text } from '../../cli/options.ts';
import { command } from '../../context.ts';
import { localStatus, stopLocal } from '../../local/cluster.ts';
import { diskUse } from '../../local/disk-use.ts';
import { localPlace } from '../../local/place.ts';
import { dropProfile } from './profile.ts';
import { clusterFields, clusterShape, type ShownCluster } from './shape.ts';

export const localDown = command({
  name: 'local down',
  summary: 'Stop a local Kafka, keeping its data',
  description:
    'Stops the brokers with a controlled shutdown. The data is kept for the next kt local up, unless you add --purge, which has to be confirmed; without a terminal, add --yes. It is no error if the cluster does not exist.',
  args: {},
  options: {
    purge: flag('--purge', 'also delete the data and settings'),
    name: option('--name <name>', 'name of the cluster', text, { defaultText: 'default' }),
  },
  shows: clusterShape({ ...clusterFields, status: 'stopped, purged or absent' }),
  examples: [
    { line: 'kt local down', does: 'stop the default cluster; its topics are kept' },
    { line: 'kt local down --purge', does: 'stop it and delete everything, after a confirmation' },
    { line: 'kt local down --purge --yes', does: 'the same in a script' },
  ],
  async run(context, _, { name = 'default', purge }): Promise<ShownCluster> {
    const { env, signal, note, progress, confirm } = context;
    const place = localPlace(name, env);
    if (purge) {
      const kept = await localStatus(place, { signal, note });
      if (!kept) return { name, status: 'absent' };
      const size = diskUse(kept.directory);
      const brokers = kept.nodes.length === 1 ? '1 broker' : `${kept.nodes.length} brokers`;
      note(`${name}: Kafka ${kept.kafkaVersion}, ${brokers} ${kept.status}, ${formatSize(size)} in ${kept.directory}`);
      await confirm(`Stop the local cluster ${name} and delete all its topics and records?`);
    }
    const spinner = progress('stopping Kafka');
    try {
      const cluster = await stopLocal({ ...place, purge }, { signal, note });
      if (!cluster) return { name, status: 'absent' };
      if (purge) await dropProfile(context, name);
      return purge ? { ...cluster, status: 'purged' } : cluster;
    } finally {
      spinner.stop();
    }
  },
});
