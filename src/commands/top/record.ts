/** One record: key, headers and value; JSON that folds, hex, a search in it. */
import type { ScreenLine, Span } from '../../cli/full-screen.ts';
import type { CopiedRecord } from '../../records/copied-record.ts';
import { type FieldTexts, headerTexts } from '../../records/live/field-texts.ts';
import { entryKey } from './entry.ts';
import { hexLines, type JsonLine, jsonLines, unfolded } from './json-lines.ts';
import { counted, whole } from './numbers.ts';
import { commandFor } from './records.ts';
import { type Body, line, type Room, toned, type View } from './view.ts';

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
export interface RecordParts {
  readonly record: CopiedRecord;
  readonly key: string;
  readonly keyIsNull: boolean;
  readonly headers: readonly { readonly name: string; readonly value: string | null }[];
  readonly kind: 'text' | 'json' | 'hex' | 'null';
  readonly origin: string | undefined;
  readonly value: string;
  readonly json: readonly JsonLine[] | undefined;
  /** Bytes of the value that are not shown. */
  readonly left: number;
}

export function recordParts(record: CopiedRecord, texts: FieldTexts): RecordParts {
  const key = texts.of(record, 'key', mostBytes);
  const value = texts.of(record, 'value', mostBytes);
  return {
    record,
    key: key.text,
    keyIsNull: key.kind === 'null',
    headers: headerTexts(record),
    kind: value.kind,
    origin: value.origin,
    value: value.text,
    json: value.kind === 'json' ? jsonLines(value.text) : undefined,
    left: Math.max(0, record.valueEnd - record.valueStart - mostBytes),
  };
}

/** The value's lines as they are shown. @param width to which long lines are wrapped, if they are */
export function valueLines(parts: RecordParts, { mode, folded, wraps }: RecordState, width: number): readonly ValueLine[] {
  const { record, kind, json, value } = parts;
  let lines: readonly ValueLine[];
  if (kind === 'null') lines = [{ text: 'null (a tombstone)', depth: 0 }];
  else if (mode === 'hex' || kind === 'hex') {
    const { bytes, valueStart, valueEnd } = record;
    lines = hexLines(bytes.subarray(valueStart, Math.min(valueEnd, valueStart + mostBytes))).map((text) => ({
      text,
      depth: 0,
    }));
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

export function drawRecord(
  parts: RecordParts,
  state: RecordState,
  { width, height }: Room,
): Body & { readonly above: number; readonly rows: number } {
  const { key, keyIsNull, headers, kind, origin } = parts;
  const lines = valueLines(parts, state, width);
  const head: ScreenLine[] = [line(toned(' key      ', 'dim'), toned(key, keyIsNull ? 'dim' : undefined))];
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
  const format =
    kind === 'json'
      ? `JSON${origin ? ` of ${origin}` : ''}`
      : kind === 'hex'
        ? 'bytes that are no text'
        : kind === 'null'
          ? 'no value'
          : 'text';
  const found = matches(lines, state.search);
  const search =
    state.isTyping || state.search !== ''
      ? [toned(`   /${state.search}`, 'strong'), toned(state.isTyping ? '_' : ` ${counted(found.length, 'line')}`, 'dim')]
      : [];
  const mode = `${state.mode === 'hex' ? ' j text [x hex]' : ' [j text] x hex'}${state.wraps ? ' [w wrap]' : ' w wrap'}`;
  head.push(
    line(toned(' value    ', 'dim'), `${format}, ${counted(lines.length, 'line')}`, toned(`  ${mode}`, 'dim'), ...search),
  );
  const rows = Math.max(1, height - head.length);
  const at = Math.min(state.at, lines.length - 1);
  const above = Math.max(0, Math.min(Math.max(state.above, at - rows + 1), at, lines.length - rows));
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

/** @param neighbour the record before (-1) or after (1) this one, where there is one */
export function recordView(first: RecordParts, neighbour: (of: CopiedRecord, by: 1 | -1) => RecordParts | undefined): View {
  let parts = first;
  let state = newRecord;
  let rows = 10;
  let width = 80;
  const lines = () => valueLines(parts, state, width);
  const move = (to: number): void => {
    state = { ...state, at: Math.max(0, Math.min(lines().length - 1, to)) };
  };
  const jump = (by: 1 | -1): void => {
    const found = matches(lines(), state.search);
    const next =
      by > 0
        ? (found.find((each) => each > state.at) ?? found[0])
        : (found.findLast((each) => each < state.at) ?? found.at(-1));
    if (next !== undefined) move(next);
  };
  const fold = (): void => {
    const { folds } = lines()[state.at] ?? {};
    if (folds === undefined) return;
    const folded = new Set(state.folded);
    if (!folded.delete(folds)) folded.add(folds);
    state = { ...state, folded };
  };
  /** Folds everything below the top, or nothing. */
  const foldAll = (): void => {
    const inner = (parts.json ?? []).flatMap(({ depth, closes }, index) => (depth > 0 && closes !== undefined ? [index] : []));
    state = { ...state, folded: new Set(state.folded.size > 0 ? [] : inner), at: 0 };
  };
  const show = (by: 1 | -1): boolean => {
    const next = neighbour(parts.record, by);
    if (!next) return false;
    parts = next;
    state = { ...newRecord, mode: state.mode, wraps: state.wraps, search: state.search };
    return true;
  };
  const keys: Readonly<Record<string, () => void>> = {
    up: () => move(state.at - 1),
    down: () => move(state.at + 1),
    k: () => move(state.at - 1),
    pageup: () => move(state.at - rows),
    pagedown: () => move(state.at + rows),
    'ctrl-b': () => move(state.at - rows),
    'ctrl-f': () => move(state.at + rows),
    g: () => move(0),
    home: () => move(0),
    G: () => move(Number.MAX_SAFE_INTEGER),
    end: () => move(Number.MAX_SAFE_INTEGER),
    j: () => {
      state = { ...state, mode: 'text', at: 0 };
    },
    x: () => {
      state = { ...state, mode: 'hex', at: 0 };
    },
    w: () => {
      state = { ...state, wraps: !state.wraps, at: 0 };
    },
    '/': () => {
      state = { ...state, isTyping: true };
    },
    n: () => jump(1),
    N: () => jump(-1),
    enter: fold,
    z: fold,
    Z: foldAll,
  };
  const typed = (search: string): void => {
    // What is folded is searched too.
    state = { ...state, search, folded: new Set() };
    const found = matches(lines(), search);
    const next = found.find((each) => each >= state.at) ?? found[0];
    if (next !== undefined) move(next);
  };
  return {
    title() {
      const { topic, partition, timestamp, timestampType, size } = parts.record;
      const time = timestamp < 0 ? 'no timestamp' : `${timeText(timestamp)} ${timestampType}`;
      return [
        toned(`${topic} › ${partition} › ${parts.record.exactOffset()}`, 'strong'),
        toned(`   ${time}   ${whole(size)} B`, undefined),
      ];
    },
    draw(_scene, room) {
      width = room.width;
      const body = drawRecord(parts, state, room);
      state = { ...state, above: body.above };
      rows = body.rows;
      return body;
    },
    key(key, _scene, actions) {
      if (state.isTyping) {
        if (key.name === 'enter') state = { ...state, isTyping: false };
        else if (key.name === 'escape') state = { ...state, isTyping: false, search: '' };
        else {
          const search = entryKey(state.search, key);
          if (search === undefined) return false;
          typed(search);
        }
        return true;
      }
      if (key.name === 'escape' && state.search !== '') {
        state = { ...state, search: '' };
        return true;
      }
      if (key.name === ']' || key.name === '[') {
        if (!show(key.name === ']' ? 1 : -1))
          actions.say(key.name === ']' ? 'no later record is kept' : 'no earlier record is kept');
        return true;
      }
      const act = keys[key.name];
      act?.();
      return act !== undefined;
    },
    focus: () => ({ topic: parts.record.topic, topics: new Set([parts.record.topic]), onlyTopic: true }),
    hints: () =>
      state.isTyping ? ['Enter keeps', 'Esc clears'] : ['/ search', 'n N match', '[ ] record', 'Enter fold', 'y copy'],
    isTyping: () => state.isTyping,
    value: () => parts.value,
    command: () => commandFor(parts.record),
    help: [
      ['j x w', 'as text, as hex, long lines wrapped'],
      ['Enter z  Z', 'fold what the line opens; fold all, unfold all'],
      ['/ n N', 'search in the value, next and previous match'],
      ['[ ]', 'the record before, the record after'],
      ['y Y', 'copy the value; the kt command that prints the record'],
    ],
  };
}

function timeText(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? String(epochMs) : date.toISOString();
}
