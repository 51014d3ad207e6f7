/** JSON text → indented lines, every digit kept, each with what it opens: for folding. */

export interface JsonLine {
  readonly depth: number;
  readonly text: string;
  /** The index of the line that closes what this one opens. */
  readonly closes?: number;
  /** How many members are in it. */
  readonly members?: number;
}

/** A token: a text with its quotes, a bracket, a colon, a comma, or a number or word. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs;

/** @param text valid JSON */
export function jsonLines(text: string): readonly JsonLine[] {
  const lines: { depth: number; text: string; closes?: number; members?: number }[] = [];
  const open: { line: number; members: number }[] = [];
  let current = '';
  let depth = 0;
  const end = (): void => {
    if (current !== '') lines.push({ depth, text: current });
    current = '';
  };
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      const members = open.at(-1);
      if (members && members.members === 0) members.members = 1;
      current += token;
      lines.push({ depth, text: current });
      current = '';
      open.push({ line: lines.length - 1, members: 0 });
      depth++;
    } else if (token === '}' || token === ']') {
      end();
      depth--;
      const { line, members } = open.pop()!;
      // Nothing in it: one line.
      if (line === lines.length - 1) {
        lines[line]!.text += token;
        current = lines.pop()!.text;
      } else {
        Object.assign(lines[line]!, { closes: lines.length, members });
        current = token;
      }
    } else if (token === ',') {
      current += ',';
      end();
      const members = open.at(-1);
      if (members) members.members++;
    } else {
      const members = open.at(-1);
      if (members && members.members === 0) members.members = 1;
      current += token === ':' ? ': ' : token;
    }
  }
  end();
  return lines;
}

/** The lines that are left when some are folded, each with its index. */
export function unfolded(
  lines: readonly JsonLine[],
  folded: ReadonlySet<number>,
): readonly { readonly index: number; readonly line: JsonLine; readonly isFolded: boolean }[] {
  const shown: { index: number; line: JsonLine; isFolded: boolean }[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    const isFolded = line.closes !== undefined && folded.has(index);
    shown.push({ index, line, isFolded });
    if (isFolded) index = line.closes!;
  }
  return shown;
}

const bytesPerLine = 16;

/** `000010  7b 22 69 64  … |{"id|`, as hexdump shows it. */
export function hexLines(bytes: Uint8Array): readonly string[] {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; from += bytesPerLine) {
    const part = bytes.subarray(from, from + bytesPerLine);
    const hex = Array.from(part, (byte) => byte.toString(16).padStart(2, '0'));
    const text = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    const halves = [hex.slice(0, 8).join(' ').padEnd(23), hex.slice(8).join(' ').padEnd(23)].join('  ');
    lines.push(`${from.toString(16).padStart(6, '0')}  ${halves}  |${text}|`);
  }
  return lines;
}
