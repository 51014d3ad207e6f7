/** `kt transactions describe`: all that the coordinators know of some transactions. */
import { KtError } from '../../base/errors.ts';
import { isoTime } from '../../base/iso-time.ts';
import { variadicArgument } from '../../cli/define.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { describeTransactions, type Transaction } from '../../core/transactions/describe.ts';
import { partitionName } from '../../kafka/routing.ts';

interface Described {
  readonly transactions: readonly Transaction[];
  readonly problems: readonly KtError[];
}

const shows: TableShape<Described> = {
  kind: 'table',
  isList: true,
  blocks: ({ transactions }) => [
    {
      columns: [
        { header: 'TRANSACTIONAL-ID', get: ({ transactionalId }: Transaction) => transactionalId, tone: () => 'strong' },
        { header: 'COORDINATOR', get: ({ coordinator }: Transaction) => coordinator },
        { header: 'PRODUCER-ID', get: ({ producerId }: Transaction) => producerId },
        { header: 'EPOCH', get: ({ producerEpoch }: Transaction) => producerEpoch },
        { header: 'STATE', get: ({ state }: Transaction) => state },
        { header: 'TIMEOUT-MS', get: ({ timeoutMs }: Transaction) => timeoutMs, unit: 'ms' },
        { header: 'START', get: ({ startTime }: Transaction) => (startTime === null ? null : isoTime(BigInt(startTime))) },
        { header: 'PARTITIONS', get: ({ partitions }: Transaction) => partitions.map(partitionName).join(' ') || null },
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
    producerEpoch: 'epoch of its producer, raised when another takes over',
    state: 'Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort, …',
    timeoutMs: 'after how many milliseconds the coordinator aborts it',
    startTime: 'epoch ms when it began; null when none is open',
    'partitions[].topic': 'topic that it writes to',
    'partitions[].partition': 'partition that it writes to',
  },
};

export const transactionsDescribe = command({
  name: 'transactions describe',
  summary: 'Describe transactions: producer, timeout, partitions',
  args: { ids: variadicArgument('transactional-id', 'a transactional id', true) },
  options: {},
  shows,
  examples: [{ line: 'kt transactions describe payments', does: 'show since when a transaction is open, and where it writes' }],
  async run({ cluster }, { ids }): Promise<Described> {
    const described = [...(await describeTransactions(await cluster(), ids)).values()];
    return {
      transactions: described.flatMap((each) => (each instanceof KtError ? [] : [each])),
      problems: described.filter((each) => each instanceof KtError),
    };
  },
});
