/** How batches are delivered: options of the commands that write records. */
import { type OptionValues, option } from '../../cli/define.ts';
import { choice, finiteDuration, rate } from '../../cli/options.ts';
import { compressionNames } from '../../kafka/compression/index.ts';
import type { ProducerOptions } from '../../kafka/produce/options.ts';

const acks = ['all', '1', '0'] as const;
/** Java's default; longer than it takes to replace a crashed leader (9 s by default). */
const defaultDeliveryTimeoutMs = 120_000;

export const deliveryOptions = {
  acks: option('--acks <acks>', 'which replicas must have a record before it counts as written', choice(acks), {
    defaultText: 'all',
  }),
  compression: option('--compression <codec>', 'how batches are compressed', choice(compressionNames), {
    defaultText: 'none',
  }),
  deliveryTimeout: option(
    '--delivery-timeout <duration>',
    'give up a batch that no broker has acknowledged by then',
    finiteDuration,
    { defaultText: '2m' },
  ),
};

export const rateOption = option('--rate <rate>', 'write this many records per second or minute, evenly: 100/s, 30/m', rate, {
  defaultText: 'as fast as possible',
});

type Delivery = Pick<ProducerOptions, 'acks' | 'idempotent' | 'compression' | 'deliveryTimeoutMs'>;

/** What the options ask of a producer. */
export function deliveryOf({
  acks: who = 'all',
  compression,
  deliveryTimeout,
}: OptionValues<typeof deliveryOptions>): Delivery {
  return {
    acks: who === 'all' ? -1 : who === '1' ? 1 : 0,
    idempotent: who === 'all',
    compression: compression ?? 'none',
    deliveryTimeoutMs: deliveryTimeout ?? defaultDeliveryTimeoutMs,
  };
}
