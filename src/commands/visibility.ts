/** Tells the user that a list may leave something out: what one may not describe is not listed. */
import type { Context } from '../context.ts';
import { mayBePartial } from '../core/cluster/visibility.ts';

/** To be called after the list came, which tells what the user may do. */
export async function noteIfPartial(
  { cluster, note }: Pick<Context, 'cluster' | 'note'>,
  what: 'topics' | 'groups',
): Promise<void> {
  if (await mayBePartial(await cluster(), what))
    note(`Kafka lists only the ${what} that this user may describe; there may be others`);
}
