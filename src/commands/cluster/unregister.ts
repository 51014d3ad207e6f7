/** `kt cluster unregister`: has the cluster forget a broker that is gone for good. */
import type { KtError } from '../../base/errors.ts';
import { argument } from '../../cli/define.ts';
import { readAs, wholeNumber } from '../../cli/options.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { unregisterBroker } from '../../core/cluster/unregister.ts';

interface Unregistered {
  readonly broker: number;
  readonly status: 'unregistered' | 'failed';
  readonly error?: KtError;
}

export const clusterUnregister = command({
  name: 'cluster unregister',
  summary: 'Have the cluster forget a broker that is gone for good',
  description:
    'For a broker that was stopped and will not come back: features and the quorum then no longer wait for it. One that runs is refused. Move its partitions away first: kt partitions reassign. Asks first; without a terminal, add --yes.',
  args: { broker: argument('broker', 'id of the broker') },
  options: {},
  shows: rows<Unregistered>({
    columns: [
      { header: 'BROKER', get: ({ broker }) => broker },
      { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => (status === 'failed' ? 'bad' : 'good') },
    ],
    name: ({ broker }) => String(broker),
    fields: {
      broker: 'broker id',
      status: 'unregistered or failed',
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  }),
  examples: [{ line: 'kt cluster unregister 4', does: 'forget a broker, after a confirmation' }],
  async run({ cluster, confirm }, { broker }): Promise<readonly Unregistered[]> {
    const id = readAs('broker', wholeNumber, broker);
    const connected = await cluster();
    await confirm(`Unregister broker ${id}`, { count: 1, byPattern: false });
    const error = await unregisterBroker(connected, id);
    return [error ? { broker: id, status: 'failed', error } : { broker: id, status: 'unregistered' }];
  },
});
