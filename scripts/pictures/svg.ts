/** A screen → SVG: a dark window, which stands well on light and on dark pages. */
import type { Cell, Look, ScreenLine } from './screen.ts';

const fontSize = 14;
/** Of a column and of a line, in pixels; the width is that of most monospaced fonts. */
const [columnWidth, lineHeight] = [fontSize * 0.6, 19];
const [margin, titleHeight] = [18, 34];

/** GitHub's colours of syntax on a dark ground. */
const colors: Readonly<Record<NonNullable<Look['color']>, string>> = {
  black: '#484f58',
  red: '#ff7b72',
  green: '#7ee787',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
  white: '#e6edf3',
  gray: '#8b949e',
};
const [ground, letters, frame] = ['#0d1117', '#e6edf3', '#30363d'];
/** A selected row: softer than white. */
const selected = '#c9d1d9';
const buttons = ['#ff5f57', '#febc2e', '#28c840'];

/** Eighths of a cell's height; drawn as boxes, since fonts differ on them. */
const bars = '▁▂▃▄▅▆▇█';

export interface Picture {
  /** What the window's title says: the command. */
  readonly title: string;
  /** What is to be seen, for those who do not see it. */
  readonly description: string;
  /** Of the window, in characters. */
  readonly columns: number;
}

/** @returns the SVG, one line of it for each line of the screen */
export function svgOf(lines: readonly ScreenLine[], { title, description, columns }: Picture): string {
  const width = Math.ceil(columns * columnWidth + 2 * margin);
  const height = Math.ceil(titleHeight + lines.length * lineHeight + 1.5 * margin);
  const dots = buttons.map((fill, index) => `<circle cx="${22 + 20 * index}" cy="19" r="6" fill="${fill}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<desc>${escaped(description)}</desc>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${ground}" stroke="${frame}"/>
${dots.join('')}
<g font-family="ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${fontSize}" fill="${letters}" style="white-space:pre">
<text x="${width / 2}" y="24" text-anchor="middle" fill="${colors.gray}">${escaped(title)}</text>
${lines.map((line, row) => `<g>${drawn(line, titleHeight + margin / 2 + row * lineHeight)}</g>`).join('\n')}
</g>
</svg>
`;
}

/** @param top of the line, in pixels */
function drawn(line: ScreenLine, top: number): string {
  const boxes: string[] = [];
  const words: string[] = [];
  for (const { from, cells } of runsOf(line)) {
    const { look } = cells[0]!;
    if (look.reverse)
      boxes.push(box(from, cells.length, top, 1, colors[look.color ?? 'white'] === letters ? selected : fillOf(look)));
    const eighths = cells.map(({ char }) => bars.indexOf(char) + 1);
    if (eighths[0]! > 0)
      boxes.push(
        ...eighths.map((each, at) => box(from + at, 0.88, top, each / 8, look.reverse ? ground : fillOf(look), look.dim)),
      );
    else words.push(...textsOf(cells, from, top, look));
  }
  return [...boxes, ...words].join('');
}

function fillOf({ color }: Look): string {
  return color ? colors[color] : letters;
}

/** A box that stands on the bottom of its cells. */
function box(column: number, columns: number, top: number, share: number, fill: string, dim = false): string {
  // Between the highest bar of a line and the line above there is a gap.
  const height = share === 1 && columns >= 1 ? lineHeight : share * (lineHeight - 4);
  const y = top + lineHeight - height - (height === lineHeight ? 0 : 3);
  const size = `width="${fixed(columns * columnWidth)}" height="${fixed(height)}"`;
  return `<rect x="${fixed(x(column))}" y="${fixed(y)}" ${size} fill="${fill}"${dim ? ' opacity="0.6"' : ''}/>`;
}

interface Run {
  /** The column of its first cell. */
  readonly from: number;
  readonly cells: readonly Cell[];
}

/** Neighbours of one look; bars by themselves. */
function runsOf(line: ScreenLine): readonly Run[] {
  const runs: { from: number; cells: Cell[] }[] = [];
  for (const [column, cell] of line.entries()) {
    const last = runs.at(-1)?.cells.at(-1);
    const goesOn = last?.look === cell.look || (last && JSON.stringify(last.look) === JSON.stringify(cell.look));
    if (goesOn && bars.includes(last.char) === bars.includes(cell.char)) runs.at(-1)!.cells.push(cell);
    else runs.push({ from: column, cells: [cell] });
  }
  return runs;
}

/** A text for each piece without wide gaps, stretched to its columns: so pieces stand under each other in any font. */
function textsOf(cells: readonly Cell[], from: number, top: number, look: Look): readonly string[] {
  const text = cells.map(({ char }) => char).join('');
  const fill = look.reverse ? ` fill="${ground}"` : look.color ? ` fill="${colors[look.color]}"` : '';
  const style = `${fill}${look.bold ? ' font-weight="bold"' : ''}${look.dim ? ' opacity="0.6"' : ''}`;
  return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ index, 0: piece }) => {
    const length = fixed([...piece].length * columnWidth);
    const place = `x="${fixed(x(from + [...text.slice(0, index)].length))}" y="${fixed(top + lineHeight - 5)}"`;
    return `<text ${place} textLength="${length}" lengthAdjust="spacingAndGlyphs"${style}>${escaped(piece)}</text>`;
  });
}

function x(column: number): number {
  return margin + column * columnWidth;
}

/** Without digits that say nothing. */
function fixed(pixels: number): string {
  return String(Number(pixels.toFixed(1)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
