/** What to tell about input lines that were not, or may not have been, written. */
import type { Unwritten } from '../../kafka/produce/options.ts';
import type { TransactionState } from '../../kafka/transactions/transaction.ts';

const mostRanges = 8;

/** Input lines as ranges: `line 17`, `lines 3-5, 9`. */
export function linesText(lines: readonly number[]): string {
  const sorted = [...lines].sort((a, b) => a - b);
  const ranges: string[] = [];
  for (let index = 0; index < sorted.length; ) {
    let end = index;
    while (sorted[end + 1] === sorted[end]! + 1) end++;
    ranges.push(end === index ? `${sorted[index]}` : `${sorted[index]}-${sorted[end]}`);
    index = end + 1;
  }
  const shown = ranges.length > mostRanges ? [...ranges.slice(0, mostRanges), `… (${sorted.length} in all)`] : ranges;
  return `line${sorted.length === 1 ? '' : 's'} ${shown.join(', ')}`;
}

/** What is known of the lines that were on their way when the producer stopped. */
export function pendingText(left: readonly Unwritten[]): readonly string[] {
  const unsent = left.filter(({ maybeWritten }) => !maybeWritten).flatMap(({ lines }) => lines);
  const unknown = left.filter(({ maybeWritten }) => maybeWritten).flatMap(({ lines }) => lines);
  return [
    ...(unknown.length > 0 ? [`may have been written: ${linesText(unknown)}`] : []),
    ...(unsent.length > 0 ? [`not sent: ${linesText(unsent)}`] : []),
  ];
}

/** What the transaction's state after an abort means for the lines since the last commit, `first` to `last`. */
export function abortedText(state: TransactionState, first: number, last: number): string {
  const lines = last < first ? 'nothing' : first === last ? `line ${first}` : `lines ${first}-${last}`;
  switch (state) {
    case 'unknown':
      return `no answer to the commit: ${lines} may have been written, all or none`;
    case 'open':
      return `transaction not committed: ${lines} not written; no coordinator took the abort, so the brokers will abort it when it times out`;
    default:
      return last < first ? 'no transaction was open' : `transaction aborted: ${lines} not written`;
  }
}
