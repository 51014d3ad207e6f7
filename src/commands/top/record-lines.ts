/** One record as lines: key, headers and value; JSON that folds, hex, what is searched for. Pure functions. */
import { counted } from '../../base/units.ts';
import type { ScreenLine, Span } from '../../cli/full-screen.ts';
import type { CopiedRecord } from '../../records/copied-record.ts';
import { emptyText, type FieldTexts, headerTexts } from '../../records/live/field-texts.ts';
import { hexLines, type JsonLine, jsonLines, unfolded } from './json-lines.ts';
import { firstShown } from './list.ts';
import { whole } from './numbers.ts';
import { type Body, line, type Room, toned } from './view.ts';

/** More of a value is not made into lines. */
const mostBytes = 2 << 20;
const indent = 2;

export interface RecordState {
  /** How the value is shown. */
  readonly mode: 'text' | 'hex';
  readonly wraps: boolean;
  /** The line that the cursor is on, and lines above the first one shown. */
  readonly at: number;
  readonly above: number;
  /** Lines of JSON that are folded. */
  readonly folded: ReadonlySet<number>;
  readonly search: string;
  readonly isTyping: boolean;
}

export const newRecord: RecordState = {
  mode: 'text',
  wraps: false,
  at: 0,
  above: 0,
  folded: new Set(),
  search: '',
  isTyping: false,
};

/** A line of the value. */
interface ValueLine {
  readonly text: string;
  readonly depth: number;
  /** The line of JSON that it is, where it can be folded. */
  readonly folds?: number;
}

/** What of a record is costly to make, made once. */
export interface RecordContent {
  readonly record: CopiedRecord;
  readonly key: string;
  /** Whether there are no bytes to show of it: null, or empty. */
  readonly keyIsNothing: boolean;
  readonly headers: readonly { readonly name: string; readonly value: string | null }[];
  readonly kind: 'text' | 'json' | 'hex' | 'null';
  readonly origin: string | undefined;
  readonly value: string;
  /** The value's bytes, as many as are shown: a copy, as the record's own are freed when it is no longer kept. */
  readonly bytes: Buffer;
  readonly json: readonly JsonLine[] | undefined;
  /** Bytes of the value that are not shown. */
  readonly left: number;
}

export function contentOf(record: CopiedRecord, texts: FieldTexts): RecordContent {
  const key = texts.of(record, 'key', mostBytes);
  const value = texts.of(record, 'value', mostBytes);
  const { valueStart, valueEnd } = record;
  return {
    record,
    key: key.text === '' ? emptyText : key.text,
    keyIsNothing: key.text === '' || key.kind === 'null',
    headers: headerTexts(record),
    kind: value.kind,
    origin: value.origin,
    value: value.text,
    bytes: Buffer.from(record.bytes.subarray(valueStart, Math.min(valueEnd, valueStart + mostBytes))),
    json: value.kind === 'json' ? jsonLines(value.text) : undefined,
    left: Math.max(0, valueEnd - valueStart - mostBytes),
  };
}

/** The value's lines as they are shown. @param width to which long lines are wrapped, if they are */
export function valueLines(parts: RecordContent, { mode, folded, wraps }: RecordState, width: number): readonly ValueLine[] {
  const { bytes, kind, json, value } = parts;
  let lines: readonly ValueLine[];
  if (kind === 'null') lines = [{ text: 'null (a tombstone)', depth: 0 }];
  else if (mode === 'hex' || kind === 'hex') {
    lines = hexLines(bytes).map((text) => ({ text, depth: 0 }));
  } else if (json) {
    lines = unfolded(json, folded).map(({ index, line: { text, depth, closes, members }, isFolded }) => ({
      text: isFolded ? `${text} … ${members} ${json[closes!]!.text}` : text,
      depth,
      ...(closes !== undefined && { folds: index }),
    }));
  } else lines = value.split('\n').map((text) => ({ text, depth: 0 }));
  if (parts.left > 0)
    lines = [...lines, { text: `… ${whole(parts.left)} more bytes; Y copies the command that prints all`, depth: 0 }];
  return wraps ? lines.flatMap((each) => wrapped(each, width)) : lines;
}

/** Counts what is not ASCII as two columns, so that no line is too long. */
function wrapped(value: ValueLine, width: number): readonly ValueLine[] {
  const room = Math.max(10, width - 4 - value.depth * indent);
  const rows: ValueLine[] = [];
  let text = '';
  let columns = 0;
  for (const character of value.text) {
    const wide = character >= ' ' && character <= '~' ? 1 : character < ' ' ? 4 : 2;
    if (columns + wide > room) {
      rows.push(rows.length === 0 ? { ...value, text } : { text, depth: value.depth });
      text = '';
      columns = 0;
    }
    text += character;
    columns += wide;
  }
  return [...rows, rows.length === 0 ? { ...value, text } : { text, depth: value.depth }];
}

/** Where a text occurs, in any case. */
export function matches(lines: readonly ValueLine[], search: string): readonly number[] {
  if (search === '') return [];
  const wanted = search.toLowerCase();
  return lines.flatMap(({ text }, index) => (text.toLowerCase().includes(wanted) ? [index] : []));
}

/** A line with what is searched for marked. */
function marked(text: string, search: string): readonly Span[] {
  if (search === '') return [{ text }];
  const spans: Span[] = [];
  const [low, wanted] = [text.toLowerCase(), search.toLowerCase()];
  // Lower case may be of another length: then nothing is marked.
  if (low.length !== text.length) return [{ text }];
  let from = 0;
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    if (at > from) spans.push({ text: text.slice(from, at) });
    spans.push({ text: text.slice(at, at + wanted.length), marked: true });
    from = at + wanted.length;
  }
  return from < text.length ? [...spans, { text: text.slice(from) }] : spans;
}

/** What a value is, in words. */
function described({ kind, origin, value }: RecordContent): string {
  switch (kind) {
    case 'json':
      return `JSON${origin ? ` of ${origin}` : ''}`;
    case 'hex':
      return 'bytes that are no text';
    case 'null':
      return 'no value';
    case 'text':
      return value === '' ? 'empty text' : 'text';
  }
}

/** @param lines of the value */
export function drawRecord(
  parts: RecordContent,
  lines: ReturnType<typeof valueLines>,
  state: RecordState,
  { height }: Room,
): Body & { readonly above: number; readonly rows: number } {
  const { key, keyIsNothing, headers, kind, record } = parts;
  const head: ScreenLine[] = [line(toned(' key      ', 'dim'), toned(key, keyIsNothing ? 'dim' : undefined))];
  const shownHeaders = headers.slice(0, Math.max(1, Math.floor(height / 4)));
  for (const [index, { name, value }] of shownHeaders.entries())
    head.push(
      line(
        toned(index === 0 ? ' headers  ' : '          ', 'dim'),
        toned(name, 'strong'),
        toned(' = ', 'dim'),
        value === null ? toned('null', 'dim') : value,
      ),
    );
  if (headers.length > shownHeaders.length)
    head.push(line(toned(`          … ${headers.length - shownHeaders.length} more headers`, 'dim')));
  const found = matches(lines, state.search);
  const search =
    state.isTyping || state.search !== ''
      ? [toned(`   /${state.search}`, 'strong'), toned(state.isTyping ? '_' : ` ${counted(found.length, 'line')}`, 'dim')]
      : [];
  const mode = `${state.mode === 'hex' ? ' j text [x hex]' : ' [j text] x hex'}${state.wraps ? ' [w wrap]' : ' w wrap'}`;
  // Lines of hex are no lines of the value.
  const extent =
    kind === 'hex' || (state.mode === 'hex' && kind !== 'null')
      ? counted(record.valueEnd - record.valueStart, 'byte')
      : counted(lines.length, 'line');
  head.push(line(toned(' value    ', 'dim'), `${described(parts)}, ${extent}`, toned(`  ${mode}`, 'dim'), ...search));
  const rows = Math.max(1, height - head.length);
  const at = Math.min(state.at, lines.length - 1);
  const above = firstShown(at, state.above, rows, lines.length);
  const shown = lines.slice(above, above + rows).map(({ text, depth, folds }, index): ScreenLine => {
    const isHere = above + index === at;
    const sign = folds === undefined ? ' ' : state.folded.has(folds) ? '+' : '-';
    return {
      spans: [
        { text: isHere ? '>' : ' ' },
        toned(sign, 'dim'),
        { text: '', width: depth * indent + 1 },
        ...marked(text, state.search),
      ],
      selected: isHere,
    };
  });
  return { lines: [...head, ...shown], cursor: head.length + at - above, above, rows };
}
