/** A value that goes on as a program for the full screen: it shows the newest sample, as the keys want to see it. */
import { KtError, usageError } from '../../base/errors.ts';
import type { FullScreen, ScreenHost } from '../../cli/full-screen.ts';
import type { Live, LiveScreen } from '../../cli/live.ts';
import { checkNames, columnNamed } from '../../cli/row-options.ts';
import type { Block } from '../../cli/shape.ts';
import { chosenBlocks, type RowOptions } from '../rows.ts';
import { blockLines } from './block-lines.ts';

/**
 * It ends with q and with Ctrl-C.
 * @throws KtError `usage` for `--sort`, which keys do; its run, for columns that the first sample does not have
 */
export function liveScreen(live: Live<unknown>, screen: LiveScreen<unknown>, options: RowOptions): FullScreen {
  if (options.sort) throw usageError('--sort on a live screen (it has a key for it)', 'leave it out, and press s');
  const quit = new AbortController();
  const headers = !options.noHeaders;
  let { view } = screen;
  let last: { readonly sample: unknown } | undefined;
  let lines = 0;
  return {
    fullScreen: true,
    async run(host: ScreenHost) {
      try {
        for await (const sample of live.live(quit.signal)) {
          if (!last) checkColumns(screen.blocks(sample, lines, view), options);
          last = { sample };
          host.redraw();
        }
      } catch (error) {
        if (!quit.signal.aborted) throw error;
      }
      return undefined;
    },
    frame(size) {
      lines = size.lines;
      const blocks = last ? screen.blocks(last.sample, lines, view) : [];
      return { lines: blockLines(chosen(blocks, options), size.columns, headers) };
    },
    key(key) {
      const next = last && screen.press(view, key, last.sample, lines);
      if (next !== undefined) view = next;
      else if (key.name === 'q') quit.abort(new KtError('interrupted', 'the view was closed'));
    },
  };
}

function checkColumns(blocks: readonly Block[], options: RowOptions): void {
  checkNames(
    blocks.map(({ columns }) => columns),
    options,
  );
}

/** A key may lead to a table without some of the chosen columns: those are left out. */
function chosen(blocks: readonly Block[], { columns, noHeaders }: RowOptions): readonly Block[] {
  if (!columns && !noHeaders) return blocks;
  return blocks.flatMap((block) =>
    chosenBlocks([block], { noHeaders, columns: columns?.filter((name) => columnNamed(block.columns, name)) }),
  );
}
