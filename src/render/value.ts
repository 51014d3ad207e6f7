/** What a command returned → bytes on stdout, in the chosen format. */
import type { Command } from '../cli/define.ts';
import { isFullScreen } from '../cli/full-screen.ts';
import { isLive } from '../cli/live.ts';
import { checkNames, hasColumns } from '../cli/row-options.ts';
import type { Block, LinesShape, TableShape } from '../cli/shape.ts';
import type { RecordStream } from '../records/stream.ts';
import { colored, plain } from './colors.ts';
import { visibleLines } from './escape.ts';
import { jsonDocument, jsonElement, jsonLine, jsonLines } from './json.ts';
import { nameLines } from './names.ts';
import type { Output } from './out.ts';
import type { RowOptions } from './rows.ts';
import type { Screen } from './screen.ts';

/** What render needs to know about the terminal. */
export interface Terminal {
  /** Whether stdout is a terminal. */
  readonly stdout: boolean;
  /** Its width in characters; only meaningful for a terminal. */
  readonly columns: number;
  /** Whether stdout is coloured. */
  readonly color: boolean;
  /** For live views: the terminal to draw on and read keys from. */
  readonly screen?: Screen;
}

/** A value's text in one format, in parts if it may be long; each format's module is loaded only when used. */
async function* tableText(
  shape: TableShape<unknown>,
  value: unknown,
  format: string,
  terminal: Terminal,
  options: RowOptions,
): AsyncGenerator<string> {
  const own = shape.formats?.[format];
  const picks = options.columns || options.sort || options.noHeaders ? await import('./rows.ts') : undefined;
  // Columns that only a value has can be checked no earlier.
  if (picks && !shape.tables)
    checkNames(
      [...shape.blocks(value)].map(({ columns }) => columns),
      options,
    );
  const blocks = () => picks?.chosenBlocks(shape.blocks(value), options) ?? shape.blocks(value);
  const { sort } = options;
  const sorted = () => (sort && picks ? picks.withSortedRows(value, [...shape.blocks(value)][0]!, sort) : value);
  const data = () => {
    if (options.columns && picks) return picks.rowObjects(picks.chosenBlocks(shape.blocks(value), options));
    return shape.json ? shape.json(sorted()) : sorted();
  };
  if (format === 'json') yield* jsonDocument(data());
  else if (format === 'jsonl') yield* jsonLines(data());
  else if (format === 'yaml') yield* (await import('./yaml.ts')).yamlDocument(data());
  else if (format === 'csv') yield* csvText(shape, value, blocks(), options);
  else if (format === 'name') yield nameLines(shape.names(sorted()));
  else if (own) yield own(value);
  else {
    const { tables } = await import('./table.ts');
    const wide = format === 'wide';
    yield* tables(blocks(), {
      wide,
      headers: !options.noHeaders,
      human: terminal.stdout,
      paint: terminal.color ? await colored() : plain,
      columns: terminal.stdout && !wide ? terminal.columns : undefined,
    });
  }
}

/** A value without a table is, as CSV, a table without rows. */
async function* csvText(
  shape: TableShape<unknown>,
  value: unknown,
  blocks: Iterable<Block>,
  options: RowOptions,
): AsyncGenerator<string> {
  const { csv } = await import('./csv.ts');
  let isEmpty = true;
  for (const text of csv(blocks, !options.noHeaders)) {
    isEmpty = false;
    yield text;
  }
  if (!isEmpty || options.noHeaders) return;
  const columns = shape.columnsOfNone?.(value) ?? shape.tables?.find((table) => hasColumns(table, options)) ?? [];
  const none = [{ columns, rows: [] }];
  yield* csv(options.columns ? (await import('./rows.ts')).chosenBlocks(none, options) : none);
}

/** Characters per write: most values take one write, and of long ones no more than this is held. */
const textAtOnce = 65_536;

async function* gathered(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const part of parts) {
    text += part;
    if (text.length < textAtOnce) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

async function renderLines(
  shape: LinesShape<unknown>,
  value: AsyncIterable<readonly unknown[]>,
  format: string | undefined,
  out: Output,
  terminal: Terminal,
  options: RowOptions,
) {
  if (format === 'json' && shape.isArray) return renderArray(await jsonOf(shape, options), value, out);
  const line = await lineOf(shape, format, terminal, options);
  let isEmpty = true;
  for await (const rows of value) {
    if (rows.length > 0) isEmpty = false;
    await out.write(rows.map(line).join(''));
  }
  const isCsv = format === 'csv' || (options.columns !== undefined && format !== 'json' && format !== 'jsonl');
  if (isEmpty && isCsv) await out.write((await import('./line-columns.ts')).csvHeader(shape, options));
}

/** The JSON of a row, or of its chosen fields. */
async function jsonOf(shape: LinesShape<unknown>, { columns }: RowOptions): Promise<(row: unknown) => unknown> {
  return columns ? (await import('./line-columns.ts')).chosenFields(shape, columns) : shape.json;
}

/** How a row is written: harmless on a terminal, as JSON is by itself. */
async function lineOf(
  shape: LinesShape<unknown>,
  format: string | undefined,
  terminal: Terminal,
  options: RowOptions,
): Promise<(row: unknown) => string> {
  if (format === 'json' || format === 'jsonl') {
    const json = await jsonOf(shape, options);
    return (row) => jsonLine(json(row));
  }
  const safe = (text: string): string => (terminal.stdout ? visibleLines(text.replaceAll('\r\n', '\n')) : text);
  if (format === 'csv' || options.columns) {
    const csv = (await import('./line-columns.ts')).csvLines(shape, options);
    return (row) => safe(csv(row));
  }
  const paint = shape.mark && terminal.color ? await colored() : plain;
  const { columns, stdout } = terminal;
  const cut = shape.isCut && stdout && columns > 0 ? (await import('./screen/text.ts')).cutLine : undefined;
  return (row) => {
    const text = safe(shape.text(row));
    return `${shape.mark ? paint(...shape.mark(row)) : ''}${cut ? cut(text, columns) : text}\n`;
  };
}

/** As `jsonDocument` writes an array, but each element when it comes. */
async function renderArray(json: (row: unknown) => unknown, value: AsyncIterable<readonly unknown[]>, out: Output) {
  let isFirst = true;
  for await (const rows of value) {
    for (const row of rows) {
      await out.write(`${isFirst ? '[\n  ' : ',\n  '}${jsonElement(json(row))}`);
      isFirst = false;
    }
  }
  await out.write(isFirst ? '[]\n' : '\n]\n');
}

/** Whether the format's control characters must be made visible on a terminal. */
function unsafe(shape: TableShape<unknown>, format: string): boolean {
  return ['yaml', 'csv', 'name', ...Object.keys(shape.formats ?? {})].includes(format);
}

/**
 * Prints a value according to its shape.
 * @param format one of the shape's formats; undefined is its own default
 * @param options what `--columns`, `--sort` and `--no-headers` ask for, already checked as far as the shape tells
 * @throws ClosedPipe when stdout's reader has gone
 */
export async function render(
  shape: Command['shows'],
  value: unknown,
  format: string | undefined,
  out: Output,
  terminal: Terminal,
  options: RowOptions = {},
) {
  if (isFullScreen(value)) {
    const { runFullScreen } = await import('./screen/full-screen.ts');
    return runFullScreen(value, out, terminal.screen!, terminal.color);
  }
  if (isLive(value)) {
    const { screen } = value;
    if (!screen || !terminal.screen || format === 'json' || format === 'jsonl')
      return (await import('./live-lines.ts')).liveLines(value, out, options);
    const [{ runFullScreen }, { liveScreen }] = await Promise.all([
      import('./screen/full-screen.ts'),
      import('./screen/live-screen.ts'),
    ]);
    return runFullScreen(liveScreen(value, screen, options), out, terminal.screen, terminal.color);
  }
  if (shape.kind === 'records') {
    const { renderRecords } = await import('./records/index.ts');
    const { stdout, color, columns } = terminal;
    const headers = !options.noHeaders;
    return renderRecords(value as RecordStream, {
      write: (bytes) => out.write(bytes),
      terminal: stdout,
      color,
      columns,
      headers,
    });
  }
  if (shape.kind === 'lines') {
    return renderLines(shape, value as AsyncIterable<readonly unknown[]>, format, out, terminal, options);
  }
  if (shape.kind === 'text') return out.write(value as string);
  const chosen = format ?? 'table';
  // Tables and JSON are harmless already. The parts of the other formats end at line ends.
  const escaped = terminal.stdout && unsafe(shape, chosen);
  for await (const text of gathered(tableText(shape, value, chosen, terminal, options))) {
    await out.write(escaped ? visibleLines(text.replaceAll('\r\n', '\n')) : text);
  }
}
