/** README's picture: reads a terminal's screen, as `tmux capture-pane -e -p` prints it, from stdin and writes it as SVG. */
import { text } from 'node:stream/consumers';

const size = 14;
const [columnWidth, lineHeight, margin] = [size * 0.602, size * 1.35, 16];
/** SGR codes of the colours that kt uses, on a dark ground. */
const colors = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea', 90: '#8b949e' };

const escaped = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** One line: a piece of text for each change of style, placed by its column so that fonts of any width line up. */
function line(content, row) {
  let [column, fill, weight, opacity] = [0, '', '', ''];
  const pieces = content.split(/\x1b\[([\d;]*)m/).map((piece, index) => {
    if (index % 2 === 0) {
      const x = margin + column * columnWidth;
      column += [...piece].length;
      return piece.trim() === '' ? '' : `<tspan x="${x.toFixed(1)}"${fill}${weight}${opacity}>${escaped(piece)}</tspan>`;
    }
    for (const code of piece.split(';').map(Number)) {
      if (code === 0) fill = weight = opacity = '';
      else if (code === 1) weight = ' font-weight="bold"';
      else if (code === 2) opacity = ' opacity="0.6"';
      else if (code === 22) weight = opacity = '';
      else if (code === 39) fill = '';
      else if (colors[code]) fill = ` fill="${colors[code]}"`;
    }
    return '';
  });
  return `<text y="${(margin + (row + 0.9) * lineHeight).toFixed(1)}">${pieces.join('')}</text>`;
}

const withoutStyle = (words) => words.replaceAll(/\x1b\[[\d;]*m/g, '');
const lines = (await text(process.stdin)).split('\n');
// The screen ends with empty lines and the next prompt.
while (/^[\s$]*$/.test(withoutStyle(lines.at(-1)))) lines.pop();
const columns = Math.max(...lines.map((each) => withoutStyle(each).length));
const [width, height] = [columns * columnWidth, lines.length * lineHeight].map((each) => Math.ceil(each + 2 * margin));
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>kt on a terminal</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${size}" fill="#e6edf3" xml:space="preserve">
${lines.map(line).join('\n')}
</g>
</svg>
`);
