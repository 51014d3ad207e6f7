/** Tells the user that a list may leave something out: what one may not describe is not listed. */
import { isPattern } from '../base/name-pattern.ts';
import type { Context } from '../context.ts';
import { mayBePartial } from '../core/cluster/visibility.ts';

/**
 * To be called after the list came, which tells what the user may do.
 * @param texts names and patterns that were asked for: names alone need no list; none: all
 */
export async function noteIfPartial(
  { cluster, note }: Pick<Context, 'cluster' | 'note'>,
  what: 'topics' | 'groups' | 'transactions',
  texts: readonly string[] = [],
): Promise<void> {
  if (texts.length > 0 && !texts.some(isPattern)) return;
  if (await mayBePartial(await cluster(), what))
    note(`Kafka lists only the ${what} that this user may describe; there may be others`);
}
