/** What `kt trace` can be asked for. */
import { usageError } from '../../base/errors.ts';
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { finiteDuration, keyValue, position, text } from '../../cli/options.ts';
import { fieldOptions } from '../reading/options.ts';
import { filterOptions, rangeOptions } from '../reading/selection.ts';

export const traceOptions = {
  key: option('--key <key>', 'records with this key', text),
  header: repeatable('--header <name=value>', 'records with this header', (value: string) => keyValue(value, 'order-id=17')),
  where: repeatable('--where <expression>', 'records for which this JavaScript expression holds', text),
  type: option('--type <expression>', 'what kind of event a record is', text, { defaultText: 'value.type' }),
  expect: option('--expect <type,…>', 'fail unless these types of events came in this order', steps),
  within: option('--within <duration>', 'with --expect: how long after the first step the last may come', finiteDuration),
  follow: flag('--follow', 'go on and print new events; with --expect until all steps came'),
  allPartitions: flag('--all-partitions', "look for --key in all partitions, not where Java's partitioner puts it"),
  fromBeginning: rangeOptions.fromBeginning,
  from: option('--from <position>', 'start at this position', position, { defaultText: 'beginning' }),
  to: rangeOptions.to,
  partition: rangeOptions.partition,
  isolation: filterOptions.isolation,
  ...fieldOptions,
};

export type TraceOptions = OptionValues<typeof traceOptions>;

function steps(value: string): readonly string[] {
  const types = value.split(',').map((type) => type.trim());
  if (types.includes('')) throw usageError(`${value} (a type is empty)`, 'types look like OrderCreated,PaymentFailed');
  return types;
}

/** @throws KtError `usage` for options that contradict each other, or say nothing about the event */
export function refuseContradictions({ key, header, where, expect, within, follow, to, allPartitions }: TraceOptions): void {
  if (key === undefined && header.length === 0 && where.length === 0) {
    throw usageError(
      'no event (all records would be shown)',
      "name it: --key 17, --header order-id=17 or --where 'value.orderId === 17'",
    );
  }
  if (within !== undefined && expect === undefined)
    throw usageError('--within without --expect', 'say what has to come: --expect OrderCreated,OrderPaid');
  if (follow && to !== undefined) throw usageError('--follow and --to (one has no end)', 'leave one of them out');
  if (allPartitions && key === undefined) throw usageError('--all-partitions without --key (all are read)', 'leave it out');
}
