/** What a command returned → bytes on stdout, in the chosen format. */
import type { Command } from '../cli/define.ts';
import { isFullScreen } from '../cli/full-screen.ts';
import { isLive, type LinesShape, type TableShape } from '../cli/shape.ts';
import type { RecordStream } from '../records/stream.ts';
import { colored, plain } from './colors.ts';
import { visibleLines } from './escape.ts';
import { jsonDocument, jsonLine } from './json.ts';
import { nameLines } from './names.ts';
import type { Output } from './out.ts';
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
): AsyncGenerator<string> {
  const own = shape.formats?.[format];
  if (format === 'json') yield* jsonDocument(shape.json ? shape.json(value) : value);
  else if (format === 'yaml') yield* (await import('./yaml.ts')).yamlDocument(shape.json ? shape.json(value) : value);
  else if (format === 'csv') yield* (await import('./csv.ts')).csv(shape.blocks(value));
  else if (format === 'name') yield nameLines(shape.names(value));
  else if (own) yield own(value);
  else {
    const { tables } = await import('./table.ts');
    const wide = format === 'wide';
    yield* tables(shape.blocks(value), {
      wide,
      paint: terminal.color ? await colored() : plain,
      columns: terminal.stdout && !wide ? terminal.columns : undefined,
    });
  }
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
  json: boolean,
  out: Output,
  terminal: Terminal,
) {
  const text = (row: unknown): string => (terminal.stdout ? visibleLines(shape.text(row)) : shape.text(row));
  for await (const rows of value) {
    await out.write(rows.map((row) => (json ? jsonLine(shape.json(row)) : `${text(row)}\n`)).join(''));
  }
}

/** Whether the format's control characters must be made visible on a terminal. */
function unsafe(shape: TableShape<unknown>, format: string): boolean {
  return ['yaml', 'csv', 'name', ...Object.keys(shape.formats ?? {})].includes(format);
}

/**
 * Prints a value according to its shape.
 * @param format one of the shape's formats; undefined is its own default
 * @throws ClosedPipe when stdout's reader has gone
 */
export async function render(
  shape: Command['shows'],
  value: unknown,
  format: string | undefined,
  out: Output,
  terminal: Terminal,
) {
  if (isFullScreen(value)) {
    const { runFullScreen } = await import('./screen/full-screen.ts');
    return runFullScreen(value, out, terminal.screen!, terminal.color);
  }
  if (isLive(value)) {
    const { liveLines, liveScreen } = await import('./live.ts');
    return terminal.screen && format !== 'json'
      ? liveScreen(value, out, terminal.screen, terminal.color)
      : liveLines(value, out);
  }
  if (shape.kind === 'records') {
    const { renderRecords } = await import('./records/index.ts');
    const { stdout, color, columns } = terminal;
    return renderRecords(value as RecordStream, { write: (bytes) => out.write(bytes), terminal: stdout, color, columns });
  }
  if (shape.kind === 'lines') {
    return renderLines(shape, value as AsyncIterable<readonly unknown[]>, format === 'json', out, terminal);
  }
  if (shape.kind === 'text') return out.write(value as string);
  const chosen = format ?? 'table';
  // Tables and JSON are harmless already. The parts of the other formats end at line ends.
  const escaped = terminal.stdout && unsafe(shape, chosen);
  for await (const text of gathered(tableText(shape, value, chosen, terminal))) {
    await out.write(escaped ? visibleLines(text.replaceAll('\r\n', '\n')) : text);
  }
}
