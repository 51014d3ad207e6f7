/** `kt quotas set`: limits of one user, client or address. */
import { usageError } from '../../base/errors.ts';
import { flag, type OptionValues, option } from '../../cli/define.ts';
import { command } from '../../context.ts';
import { setQuotas } from '../../core/quotas/change.ts';
import type { QuotaEntity, Quotas } from '../../core/quotas/entity.ts';
import { isLimitOf, limitReaders as readers } from '../../core/quotas/limits.ts';
import { entityOptions, limitKeys, oneEntity } from './options.ts';
import { quotaOutcomeRows } from './shape.ts';

const limits = {
  producerByteRate: option(
    '--producer-byte-rate <size>',
    'what its producers may write to a broker in a second',
    readers.producer_byte_rate,
  ),
  consumerByteRate: option(
    '--consumer-byte-rate <size>',
    'what its consumers may read from a broker in a second',
    readers.consumer_byte_rate,
  ),
  requestPercentage: option(
    '--request-percentage <percent>',
    'how much of a thread’s time its requests may take',
    readers.request_percentage,
  ),
  controllerMutationRate: option(
    '--controller-mutation-rate <n>',
    'partitions it may create and delete in a second',
    readers.controller_mutation_rate,
  ),
  connectionCreationRate: option(
    '--connection-creation-rate <n>',
    'connections it may open to a broker in a second',
    readers.connection_creation_rate,
  ),
};

export const quotasSet = command({
  name: 'quotas set',
  summary: 'Set quotas of a user, a client or an IP address',
  description:
    'The quotas you name change, others stay. --user with --client-id is for that client of that user. A quota counts at each broker separately; clients beyond it are slowed down, not refused.',
  args: {},
  options: { ...entityOptions, ...limits, dryRun: flag('--dry-run', 'let the cluster check it, and set nothing') },
  shows: quotaOutcomeRows('set, unchanged (nothing had to change), valid (with --dry-run: the cluster accepts it) or failed'),
  examples: [
    { line: 'kt quotas set --user alice --producer-byte-rate 10MiB', does: 'limit what a user may write' },
    {
      line: 'kt quotas set --client-id-default --request-percentage 50',
      does: 'limit every client without a quota of its own',
    },
    { line: 'kt quotas set --ip 10.0.0.7 --connection-creation-rate 20', does: 'limit new connections from an address' },
  ],
  async run({ cluster }, _, { dryRun, ...options }) {
    const entity = oneEntity('quotas set', options);
    const quotas = quotasNamed(entity, options);
    return [await setQuotas(await cluster(), entity, quotas, dryRun)];
  },
});

/** @throws KtError `usage` when there is none, or one that such an entity cannot have */
function quotasNamed(entity: QuotaEntity, options: OptionValues<typeof limits>): Quotas {
  const named = Object.entries(limitKeys).flatMap(([key, name]) => {
    const value = options[key as keyof typeof limitKeys];
    return value === undefined ? [] : [[name, value] as const];
  });
  if (named.length === 0) throw usageError('quotas set (nothing to set)', 'add --producer-byte-rate, --consumer-byte-rate, …');
  for (const [name] of named) {
    const isOfIps = name === 'connection_creation_rate';
    if (!isLimitOf(entity, name))
      throw usageError(
        `${name} (${isOfIps ? 'only addresses have it' : 'addresses have only connection_creation_rate'})`,
        isOfIps ? 'add --ip or --ip-default' : 'add --user or --client-id instead of --ip',
      );
  }
  return Object.fromEntries(named);
}
