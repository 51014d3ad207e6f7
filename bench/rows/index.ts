/** All rows by name, in the order in which they run; what a row needs is made only when it is asked for. */
import type { Row, Setting } from '../row.ts';
import { lagRow } from './lag.ts';
import { produceRow } from './produce.ts';
import { startRow } from './start.ts';
import { tailJsonRow, tailRow } from './tail.ts';
import { topicsRow } from './topics.ts';

export const rows: Readonly<Record<string, (setting: Setting) => Row | Promise<Row>>> = {
  start: startRow,
  'topics-list': topicsRow,
  tail: tailRow,
  'tail-json': tailJsonRow,
  produce: produceRow,
  lag: lagRow,
};
