/** `kt quotas delete`: quotas of one user, client or address, shown and confirmed. */
import { flag, type OptionValues } from '../../cli/define.ts';
import { command } from '../../context.ts';
import { deleteQuotas } from '../../core/quotas/change.ts';
import { entityText } from '../../core/quotas/entity.ts';
import { quotasOf } from '../../core/quotas/list.ts';
import { entityOptions, limitKeys, oneEntity } from './options.ts';
import { quotaOutcomeRows } from './shape.ts';

const limits = {
  producerByteRate: flag('--producer-byte-rate', 'delete only this quota, and others that are named'),
  consumerByteRate: flag('--consumer-byte-rate', 'the same for this quota'),
  requestPercentage: flag('--request-percentage', 'the same for this quota'),
  controllerMutationRate: flag('--controller-mutation-rate', 'the same for this quota'),
  connectionCreationRate: flag('--connection-creation-rate', 'the same for this quota'),
};

export const quotasDelete = command({
  name: 'quotas delete',
  summary: 'Delete quotas of a user, a client or an IP address',
  description:
    'Deletes all quotas of exactly what is named, or only those that you name too. --user alone leaves the user’s quotas with client ids as they are. Asks first; without a terminal, add --yes.',
  args: {},
  options: { ...entityOptions, ...limits, dryRun: flag('--dry-run', 'let the cluster check it, and delete nothing') },
  shows: quotaOutcomeRows('deleted, absent (there was none), valid (with --dry-run: would be deleted) or failed'),
  examples: [
    { line: 'kt quotas delete --user alice', does: 'delete all quotas of a user, after a confirmation' },
    { line: 'kt quotas delete --client-id web --consumer-byte-rate --yes', does: 'delete one quota in a script' },
  ],
  async run({ cluster, confirm }, _, { dryRun, ...options }) {
    const entity = oneEntity('quotas delete', options);
    const connected = await cluster();
    const quotas = await quotasOf(connected, entity);
    const names = (quotasMeant(options) ?? Object.keys(quotas)).filter((name) => name in quotas);
    if (!dryRun && names.length > 0)
      await confirm(`Delete ${names.join(', ')} of ${entityText(entity)}`, { count: names.length, byPattern: false });
    return [await deleteQuotas(connected, { entity, quotas }, names, dryRun)];
  },
});

/** Undefined: all of them. */
function quotasMeant(options: OptionValues<typeof limits>): readonly string[] | undefined {
  const named = Object.entries(limitKeys).filter(([key]) => options[key as keyof typeof limitKeys]);
  return named.length > 0 ? named.map(([, name]) => name) : undefined;
}
