/** A terminal's screen, as `tmux capture-pane -e -p` prints it → lines of cells with their looks. */

/** Names of the eight colours, in the order of their SGR codes. */
const colorNames = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

export interface Look {
  /** Undefined is the terminal's own; `gray` is bright black. */
  readonly color?: (typeof colorNames)[number] | 'gray' | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  /** Ground and letters change places. */
  readonly reverse?: boolean;
}

/** One character, which takes one column: kt's pictures show no wider ones. */
export interface Cell {
  readonly char: string;
  readonly look: Look;
}

export type ScreenLine = readonly Cell[];

/** @throws Error for a style that kt does not use, so that no picture shows it wrongly */
export function readScreen(captured: string): readonly ScreenLine[] {
  let look: Look = {};
  const lines = captured
    .replaceAll(/[\x0e\x0f]/g, '')
    .split('\n')
    .map((line) => {
      const cells: Cell[] = [];
      for (const [index, piece] of line.split(/\x1b\[([\d;]*)m/).entries()) {
        if (index % 2 === 1) for (const code of piece.split(';')) look = withCode(look, Number(code));
        else for (const char of piece) cells.push({ char, look });
      }
      return trimmed(cells);
    });
  while (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

function withCode(look: Look, code: number): Look {
  if (code === 0) return {};
  if (code === 1) return { ...look, bold: true };
  if (code === 2) return { ...look, dim: true };
  if (code === 22) return { ...look, bold: false, dim: false };
  if (code === 7 || code === 27) return { ...look, reverse: code === 7 };
  if (code >= 30 && code <= 37) return { ...look, color: colorNames[code - 30] };
  if (code === 39) return { ...look, color: undefined };
  if (code === 90) return { ...look, color: 'gray' };
  // The usual ground: kt sets no other.
  if (code === 49) return look;
  throw new Error(`SGR ${code} is new: teach it to scripts/pictures/screen.ts`);
}

/** Without the blanks at the end, unless they are coloured. */
function trimmed(cells: readonly Cell[]): ScreenLine {
  const last = cells.findLastIndex(({ char, look }) => char !== ' ' || look.reverse);
  return cells.slice(0, last + 1);
}

/** The characters alone. */
export function textOf(line: ScreenLine): string {
  return line.map(({ char }) => char).join('');
}
