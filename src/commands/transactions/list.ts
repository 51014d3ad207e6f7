/** `kt transactions list`: the transactional ids that the coordinators know, and the state of each. */
import { usageError } from '../../base/errors.ts';
import { option, repeatable } from '../../cli/define.ts';
import { choice, finiteDuration } from '../../cli/options.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import {
  type ListedTransaction,
  type ListedTransactions,
  listTransactions,
  transactionStates,
} from '../../core/transactions/list.ts';
import { noteIfPartial } from '../visibility.ts';

const shows: TableShape<ListedTransactions> = {
  kind: 'table',
  isList: true,
  blocks: ({ transactions }) => [
    {
      columns: [
        { header: 'TRANSACTIONAL-ID', get: ({ transactionalId }: ListedTransaction) => transactionalId, tone: () => 'strong' },
        { header: 'COORDINATOR', get: ({ coordinator }: ListedTransaction) => coordinator },
        { header: 'PRODUCER-ID', get: ({ producerId }: ListedTransaction) => producerId },
        { header: 'STATE', get: ({ state }: ListedTransaction) => state },
      ],
      rows: transactions,
    },
  ],
  names: ({ transactions }) => transactions.map(({ transactionalId }) => transactionalId),
  json: ({ transactions }) => transactions,
  problems: ({ problems }) => problems,
  fields: {
    transactionalId: 'transactional id',
    coordinator: 'broker id of its coordinator',
    producerId: 'id of its producer',
    state: transactionStates.join(', '),
  },
};

export const transactionsList = command({
  name: 'transactions list',
  summary: 'List transactions and their states',
  description:
    'A transactional id stays listed for days after its last transaction (transactional.id.expiration.ms); only those in state Ongoing or Prepare… are open.',
  args: {},
  options: {
    state: repeatable('--state <state>', 'only transactions in this state', choice(transactionStates)),
    producerId: repeatable('--producer-id <id>', 'only transactions of this producer', producerId),
    longerThan: option(
      '--longer-than <duration>',
      'only transactions that have been open for longer than this',
      finiteDuration,
    ),
  },
  shows,
  examples: [
    { line: 'kt transactions list', does: 'list all transactional ids' },
    { line: 'kt transactions list --state Ongoing --longer-than 10m', does: 'find transactions that are open for too long' },
  ],
  async run(context, _, { state, producerId, longerThan }) {
    const cluster = await context.cluster();
    const filter = { states: state, producerIds: producerId, longerThanMs: longerThan };
    const listed = await listTransactions(cluster, filter);
    await noteIfPartial(context, 'transactions');
    return listed;
  },
});

function producerId(value: string): bigint {
  if (!/^\d{1,18}$/.test(value)) throw usageError(`${value} (not a producer id)`, 'write digits only, such as 4001');
  return BigInt(value);
}
