/** A value that keeps changing: redrawn on the terminal's alternate screen, which is left again however kt ends; elsewhere JSON lines. */

import { KtError, usageError } from '../base/errors.ts';
import { checkNames, columnNamed } from '../cli/row-options.ts';
import type { Block, Live } from '../cli/shape.ts';
import { colored, plain } from './colors.ts';
import { jsonLine } from './json.ts';
import { type Output, writeNow } from './out.ts';
import type { RowOptions } from './rows.ts';
import type { Screen } from './screen.ts';
import { tables } from './table.ts';

/** To the alternate screen, without cursor and line wrapping; and back. */
const enter = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const leave = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const ctrlC = '\x03';
const ctrlZ = '\x1a';

/** One JSON line per sample. @throws KtError `usage` for options on columns, which are the screen's */
export async function liveLines(value: Live<unknown>, out: Output, { columns, sort }: RowOptions): Promise<void> {
  if (columns || sort)
    throw usageError(
      `${columns ? '--columns' : '--sort'} with JSON lines (each is one sample)`,
      'jq picks fields: jq -c .groups',
    );
  for await (const sample of value.live(new AbortController().signal)) await out.write(jsonLine(value.json(sample)));
}

/** Leaves the chosen columns alone; what is drawn first has to have them all. */
async function chooser(options: RowOptions): Promise<(blocks: readonly Block[]) => readonly Block[]> {
  const { columns, noHeaders } = options;
  if (!columns && !noHeaders) return (blocks) => blocks;
  const { chosenBlocks } = await import('./rows.ts');
  let isChecked = false;
  return (blocks) => {
    if (!isChecked)
      checkNames(
        blocks.map((block) => block.columns),
        options,
      );
    isChecked = true;
    // A key may lead to a table without some of them.
    return blocks.flatMap((block) =>
      chosenBlocks([block], { noHeaders, columns: columns?.filter((name) => columnNamed(block.columns, name)) }),
    );
  };
}

/**
 * Draws each sample, again when the window changes or a key changes the view; ends with q and with Ctrl-C, and Ctrl-Z gives the terminal
 * back until it goes on.
 * @throws KtError `usage` for `--sort`, which keys do
 */
export async function liveScreen(
  value: Live<unknown>,
  out: Output,
  screen: Screen,
  color: boolean,
  options: RowOptions,
): Promise<void> {
  if (options.sort) throw usageError('--sort on a live screen (it has a key for it)', 'leave it out, and press s');
  const chosen = await chooser(options);
  const paint = color ? await colored() : plain;
  const quit = new AbortController();
  let last: { readonly sample: unknown } | undefined;
  let away = false;
  let view = value.view;
  const draw = async (): Promise<void> => {
    if (!last || away) return;
    const { columns, lines } = screen.size();
    let text = '';
    const blocks = value.blocks(last.sample, lines, view);
    const look = { wide: false, human: true, headers: !options.noHeaders, paint, columns };
    for await (const block of tables(chosen(blocks), look)) text += block;
    if (away) return;
    const shown = text.trimEnd().split('\n').slice(0, lines);
    // What was there is erased first: after a line as wide as the screen the cursor still stands on its last character.
    const below = shown.length < lines ? '\r\n\x1b[J' : '';
    await out.write(`\x1b[H${shown.map((line) => `\x1b[2K${line}`).join('\r\n')}${below}`);
  };
  // An abrupt end, such as a second Ctrl-C, must leave the alternate screen too.
  const restore = (): void => writeNow(1, leave);
  process.once('exit', restore);
  const redraw = (): void => void draw().catch(() => {});
  const listenToKeys = () =>
    screen.onKey((key) => {
      const next = last && value.press(view, key, last.sample, screen.size().lines);
      if (next !== undefined) {
        view = next;
        redraw();
      } else if (key === 'q') quit.abort(new KtError('interrupted', 'the view was closed'));
      else if (key === ctrlC) screen.interrupt();
      else if (key === ctrlZ) screen.stop();
    });
  let deafen = listenToKeys();
  const giveBack = (): void => {
    away = true;
    deafen();
    writeNow(1, leave);
  };
  const takeAgain = (): void => {
    // Whoever had the terminal meanwhile left it in another mode.
    deafen();
    deafen = listenToKeys();
    away = false;
    writeNow(1, `${enter}\x1b[2J`);
    redraw();
  };
  const stops = [screen.onResize(redraw), () => deafen(), screen.onStop(giveBack, takeAgain)];
  try {
    await out.write(`${enter}\x1b[2J`);
    for await (const sample of value.live(quit.signal)) {
      last = { sample };
      await draw();
    }
  } catch (error) {
    if (!quit.signal.aborted) throw error;
  } finally {
    for (const stop of stops) stop();
    process.off('exit', restore);
    await out.write(leave);
  }
}
