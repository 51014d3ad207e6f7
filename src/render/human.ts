/** Numbers as people read them, for tables on a terminal: elsewhere numbers are digits alone. */
import { formatDuration, formatSize } from '../base/units.ts';
import type { Cell, Unit } from '../cli/shape.ts';

const words: Readonly<Record<Unit, (value: number | bigint) => string>> = {
  count: (value) => value.toLocaleString('en-US'),
  bytes: (value) => formatSize(Number(value)),
  ms: (value) => formatDuration(Number(value)),
  seconds: (value) => formatDuration(Math.round(Number(value)) * 1000).replace(/^0ms$/, '0s'),
};

/** A number in its unit: `1,234`, `1.5MiB`, `2m5s`; anything else as it is. */
export function humanCell(cell: Cell, unit: Unit | undefined): Cell {
  const isNumber = typeof cell === 'number' || typeof cell === 'bigint';
  return unit && isNumber ? words[unit](cell) : cell;
}
