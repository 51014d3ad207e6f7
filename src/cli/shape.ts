/** How the value that a command returns looks: read by render, which prints it, and by man pages, which describe it. */
import type { KtError } from '../base/errors.ts';

/** A table cell: render aligns numbers to the right and shows `null` and `undefined` as `-`. */
export type Cell = string | number | bigint | boolean | null | undefined;

/** How a cell is coloured on a terminal; meaning, not colour, so that render decides. */
export type Tone = 'good' | 'warn' | 'bad' | 'dim' | 'strong';

/** What a number counts: on a terminal it is then written as people write it, everywhere else in digits. */
export type Unit = 'count' | 'bytes' | 'ms' | 'seconds';

export interface Column<R> {
  /** Upper case, no spaces, Kafka's words: `END-OFFSET`. */
  readonly header: string;
  readonly get: (row: R) => Cell;
  readonly tone?: (row: R) => Tone | undefined;
  readonly unit?: Unit;
  /** Shown with `-o wide` and in csv only. */
  readonly wide?: boolean;
  /** Where a line is too narrow for all columns, those that have a rank are left out, the highest first; the others are cut. */
  readonly rank?: number;
  /** What rows are sorted by, where that is neither a field of the row of the column's name nor the cell. */
  readonly order?: (row: R) => number | null;
  /** Where space is short, the end of the text is what stays. */
  readonly keepsEnd?: true;
}

/** One table on the screen, with what stands above and under it. */
export interface Block {
  /** `label: value` pairs printed above the table. */
  readonly heading?: readonly (readonly [label: string, value: Cell, tone?: Tone | undefined, unit?: Unit])[];
  // biome-ignore lint/suspicious/noExplicitAny: blocks of one screen have rows of different types.
  readonly columns: readonly Column<any>[];
  readonly rows: readonly unknown[];
  /** Whether people are not shown the names of the columns where there is no row; csv has them all the same. */
  readonly hidesEmpty?: true;
  readonly footer?: string;
}

interface ShapeBase<V> {
  /** JSON key → what it means, for the man page: `topic`, `partitions[].leader`. */
  readonly fields: Readonly<Record<string, string>>;
  /** What failed inside a value that is shown all the same; printed on stderr after it, and the worst kind is the exit code. */
  readonly problems?: (value: V) => readonly KtError[];
}

/** A finished value: tables on a screen, and the value itself as JSON or YAML. */
export interface TableShape<V> extends ShapeBase<V> {
  readonly kind: 'table';
  readonly blocks: (value: V) => Iterable<Block>;
  /** The columns of its tables, where they are the same for every value: wrong names of columns are then told before the command runs. */
  // biome-ignore lint/suspicious/noExplicitAny: rows are known to their own columns.
  readonly tables?: readonly (readonly Column<any>[])[];
  /** The columns that csv has where a value has no table at all; unless given, the first of `tables` that has those asked for. */
  // biome-ignore lint/suspicious/noExplicitAny: rows are known to their own columns.
  readonly columnsOfNone?: (value: V) => readonly Column<any>[];
  /** Whether the value is the list of the rows of its only table, or has it as the field that `json` gives: it can then be sorted as they are, in any format. */
  readonly isList?: true;
  /** What `-o name` prints, one per line. */
  readonly names: (value: V) => readonly string[];
  /** The value for JSON and YAML; the value itself when absent. */
  readonly json?: (value: V) => unknown;
  /** Formats that only this value has, by the name that `-o` takes: the whole text. */
  readonly formats?: Readonly<Record<string, (value: V) => string | Promise<string>>>;
  /** Whether these options have the command return a live value, which looks itself at `--columns` and `--sort`. */
  readonly isLiveWith?: (options: Readonly<Record<string, unknown>>) => boolean;
}

/** Rows that come while the command runs: a line per row as text, one JSON object per line with `-o json`. */
export interface LinesShape<R> extends ShapeBase<AsyncIterable<readonly R[]>> {
  readonly kind: 'lines';
  readonly text: (row: R) => string;
  /** What stands before the text, coloured. */
  readonly mark?: (row: R) => readonly [text: string, tone: Tone];
  /** Whether a line that is wider than the terminal is cut there: what is at its end can be done without. */
  readonly isCut?: boolean;
  readonly json: (row: R) => unknown;
  /** With `-o json`, all rows are one array, each in it as soon as it comes. */
  readonly isArray?: true;
  /** Whether rows have fields that only the command line names. */
  readonly hasOtherFields?: boolean;
}

/** Kafka records, written as bytes by a compiled format; the value is a RecordStream of src/records. */
// biome-ignore lint/suspicious/noExplicitAny: cli knows no Kafka, not even its types.
export interface RecordsShape extends ShapeBase<any> {
  readonly kind: 'records';
}

/** Text as it is (a man page, a completion script); the same in every format. */
interface TextShape extends ShapeBase<string> {
  readonly kind: 'text';
}

/** `V` is what `run` returns; only tables can say it in their type without hiding it from inference. */
// biome-ignore lint/suspicious/noExplicitAny: the rows of lines are known to the shape's own functions.
export type Shape<V> = TableShape<V> | LinesShape<any> | RecordsShape | TextShape;

/** A value that is a list of rows: the commonest table. */
export function rows<R>(definition: {
  readonly columns: readonly Column<R>[];
  readonly name: (row: R) => string;
  readonly fields: Readonly<Record<string, string>>;
  readonly problems?: (value: readonly R[]) => readonly KtError[];
  readonly json?: (value: readonly R[]) => unknown;
}): TableShape<readonly R[]> {
  const { columns, name, ...rest } = definition;
  return {
    kind: 'table',
    tables: [columns],
    isList: true,
    blocks: (value) => [{ columns, rows: value }],
    names: (value) => value.map(name),
    ...rest,
  };
}
