/** Says where a reading of committed records ends before the end of the log: at a transaction that is still open. */
import { partitionName } from '../../kafka/routing.ts';
import type { ReadRange } from './ranges.ts';
import type { ReadEvents } from './request.ts';

/** So many are named; a topic may have hundreds. */
const mostNamed = 5;

export function tellOpenTransactions(ranges: readonly ReadRange[], { note }: Pick<ReadEvents, 'note'>): void {
  const open = ranges.filter(({ hidden }) => hidden !== undefined);
  const [first] = open;
  if (first === undefined) return;
  for (const { hidden, end, ...partition } of open.slice(0, mostNamed)) {
    const count = hidden === 1n ? 'the offset behind it is' : `the ${hidden} offsets behind it are`;
    note(`${partitionName(partition)}: the reading ends at offset ${end}, where an open transaction begins; ${count} left out`);
  }
  if (open.length > mostNamed) note(`the same in ${open.length - mostNamed} partitions more`);
  note(`--isolation read_uncommitted reads them; kt transactions find-hanging --topic ${first.topic} shows whether one hangs`);
}
