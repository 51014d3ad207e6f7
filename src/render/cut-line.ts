/** A line that is no wider than the terminal. */
import stringWidth from 'string-width';

/** @param columns of the terminal, at least 1; the last one of a line that is cut has an ellipsis */
export function cutLine(line: string, columns: number): string {
  if (line.length <= columns && /^[ -~]*$/.test(line)) return line;
  if (stringWidth(line) <= columns) return line;
  let cut = '';
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    width += stringWidth(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
