/** The records of a topic as they come: the newest at the bottom, followed until somebody moves, with a filter over what is kept. */
import { localParts } from '../../base/local-time.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Key, ScreenLine, Span } from '../../cli/full-screen.ts';
import type { CopiedRecord } from '../../records/copied-record.ts';
import { emptyText, type FieldTexts } from '../../records/live/field-texts.ts';
import type { LiveFeed } from '../../records/live/live-feed.ts';
import { isExpression } from '../../records/live/record-match.ts';
import { cursorStep } from './cursor.ts';
import { entryKey } from './entry.ts';
import { drawList, firstShown, type List } from './list.ts';
import { short, whole } from './numbers.ts';
import { type Body, ends, line, type Room, type Scene, toned, type View } from './view.ts';

/** Bytes of a field that a row can show. */
const shownBytes = 600;

/** What the list needs of a feed. */
export type Feed = Pick<
  LiveFeed,
  'ring' | 'texts' | 'shown' | 'isFiltered' | 'perSecond' | 'message' | 'filterProblem' | 'filterBy' | 'stop'
>;

/** How the list of records stands. */
interface RecordsState {
  /** The record that the cursor is on; undefined: the newest is followed. */
  readonly selected: CopiedRecord | undefined;
  /** How many had come when the following stopped. */
  readonly cameThen: number;
  readonly above: number;
  readonly filter: string;
  readonly isTyping: boolean;
}

const newRecords: RecordsState = { selected: undefined, cameThen: 0, above: 0, filter: '', isTyping: false };

/** Of another day than today the date comes first: an old record stands beside new ones. @param now epoch ms */
function timeOf({ timestamp }: CopiedRecord, now: number): string {
  if (timestamp < 0) return '';
  const parts = localParts(timestamp);
  if (!parts) return String(timestamp);
  const today = localParts(now)!.date;
  if (parts.date === today) return `${parts.clock}.${parts.millis}`;
  return parts.date.slice(0, 4) === today.slice(0, 4) ? `${parts.date.slice(5)} ${parts.clock.slice(0, 5)}` : parts.date;
}

/** The columns, for the texts of one topic. @param now epoch ms */
function recordList(texts: FieldTexts, now: number): Pick<List<CopiedRecord>, 'columns'> {
  const field = (record: CopiedRecord, which: 'key' | 'value') => texts.of(record, which, shownBytes).text || emptyText;
  return {
    columns: [
      { header: 'TIME', width: 12, text: (record) => timeOf(record, now), tone: () => 'dim', rank: 3 },
      { header: 'P', width: 4, align: 'right', text: (record) => String(record.partition), rank: 2 },
      { header: 'OFFSET', width: 10, align: 'right', text: (record) => String(record.exactOffset()), rank: 1 },
      {
        header: 'KEY',
        width: 10,
        wideWidth: 18,
        text: (record) => field(record, 'key'),
        tone: (record) => (record.keyEnd <= record.keyStart ? 'dim' : undefined),
        rank: 4,
      },
      { header: 'HEADERS', width: 7, align: 'right', text: (record) => whole(record.headerCount), rank: 7 },
      { header: 'SIZE', width: 8, align: 'right', text: (record) => short(record.size), rank: 6 },
      {
        header: 'VALUE',
        leastWidth: 30,
        text: (record) => field(record, 'value'),
        tone: (record) => (record.valueEnd <= record.valueStart ? 'dim' : undefined),
        rank: 0,
      },
    ],
  };
}

/** The filter as it is typed: what is wrong in it in red. */
function filterLine({ filter, isTyping }: RecordsState, feed: Feed, width: number): ScreenLine {
  const problem = feed.filterProblem;
  const at = problem?.excerpt?.at ?? filter.length;
  const typed: Span[] = problem
    ? [toned(filter.slice(0, at), 'strong'), toned(filter.slice(at), 'bad')]
    : [toned(filter, 'strong')];
  const what = isExpression(filter) ? 'expression' : 'text';
  const right = isTyping ? 'Enter keeps  Esc clears ' : 'Esc clears ';
  const why = problem ? `   ${problem.message.replace(/^the filter: ?/, '')}` : `   ${what}`;
  return ends(
    [toned(' /', 'strong'), ...typed, toned(isTyping ? '_' : '', 'dim'), toned(why, 'dim')],
    [toned(right, 'dim')],
    width,
  );
}

/** Counts of both are shown, so that an empty screen is explained. */
function countsLine(feed: Feed, state: RecordsState, width: number): ScreenLine {
  const { ring, shown } = feed;
  const pace = ` live · ${short(feed.perSecond)}/s`;
  const passed = ring.passedOver > 0 ? ` · ${whole(ring.passedOver)} came too fast and were passed over` : '';
  const match = feed.isFiltered
    ? `${whole(shown.length)} of ${whole(ring.records.length)} match · `
    : `${whole(ring.records.length)} kept · `;
  const behind = ring.came - state.cameThen;
  const follow = state.selected === undefined ? 'following ' : `+${whole(behind)}, f follows `;
  return ends(
    [toned(pace, undefined), toned(passed, 'warn')],
    [toned(match + follow, state.selected === undefined ? undefined : 'warn')],
    width,
  );
}

function drawRecords(
  feed: Feed,
  state: RecordsState,
  { width, height }: Room,
  now: number,
): Body & { readonly above: number; readonly rows: number } {
  const lines: ScreenLine[] = [countsLine(feed, state, width)];
  if (state.isTyping || state.filter !== '') lines.push(filterLine(state, feed, width));
  const { shown, texts, message } = feed;
  const room = height - lines.length - (message === undefined ? 0 : 1);
  if (message !== undefined) lines.push(line(toned(` ${message}`, 'warn')));
  if (!texts) return { lines: [...lines, line(toned('  asking', 'dim'))], above: 0, rows: 1 };
  const cursor = cursorAt(feed, state);
  const rows = Math.max(1, room - 1);
  const above =
    state.selected === undefined ? Math.max(0, shown.length - rows) : firstShown(cursor, state.above, rows, shown.length);
  const drawn = drawList(recordList(texts, now), shown, shown.length === 0 ? undefined : cursor, {
    width,
    height: room,
    above,
  });
  const nothing = feed.isFiltered
    ? 'none of the records kept passes the filter; new ones are tried as they come'
    : 'waiting for records';
  return {
    lines: [...lines, ...drawn.lines, ...(shown.length === 0 ? [line(toned(`  ${nothing}`, 'dim'))] : [])],
    cursor: drawn.cursor === undefined ? undefined : lines.length + drawn.cursor,
    above: drawn.above,
    rows,
  };
}

/** The index of the record that the cursor is on: of the one before where it does not pass the filter, of the oldest kept where it has gone. */
function cursorAt({ shown, ring }: Feed, { selected }: RecordsState): number {
  if (selected === undefined) return shown.length - 1;
  const at = shown.indexOf(selected);
  if (at >= 0) return at;
  const before = new Set(ring.records.slice(0, Math.max(0, ring.records.indexOf(selected))));
  return Math.max(
    0,
    shown.findLastIndex((record) => before.has(record)),
  );
}

/** What a key does to the list; undefined where it does nothing there. */
function recordsKey(feed: Feed, state: RecordsState, key: Key, rows: number): RecordsState | undefined {
  const { shown, ring } = feed;
  if (state.isTyping) {
    if (key.name === 'enter') return { ...state, isTyping: false };
    if (key.name === 'escape') return { ...state, isTyping: false, filter: '' };
    const filter = entryKey(state.filter, key);
    if (filter !== undefined) return { ...state, filter };
  } else {
    if (key.name === '/') return { ...state, isTyping: true };
    if (key.name === 'escape' && state.filter !== '') return { ...state, filter: '' };
    const isPaused = state.selected !== undefined;
    if (key.name === 'f' || (key.name === 'space' && isPaused)) return { ...state, selected: undefined };
    if (key.name === 'space') return { ...state, selected: shown.at(-1) ?? ring.records.at(-1), cameThen: ring.came };
  }
  const move = state.isTyping && key.text !== undefined ? undefined : cursorStep(key);
  if (!move || shown.length === 0) return move && state;
  const at = move(cursorAt(feed, state), rows, shown.length);
  const cameThen = state.selected === undefined ? ring.came : state.cameThen;
  return { ...state, selected: shown[at]!, cameThen };
}

/** @param open shows a record, with the others beside it */
export function recordsView(
  topic: string,
  partition: number | undefined,
  feed: Feed,
  open: (record: CopiedRecord) => void,
): View {
  let state = newRecords;
  let rows = 10;
  const selected = (): CopiedRecord | undefined => feed.shown[cursorAt(feed, state)];
  const name = partition === undefined ? topic : `${topic}:${partition}`;
  return {
    title: () => [toned('Topics › ', undefined), toned(name, 'strong'), toned(' › records', undefined)],
    draw({ now }: Scene, room) {
      const body = drawRecords(feed, state, room, now);
      state = { ...state, above: body.above };
      rows = body.rows;
      return body;
    },
    key(key) {
      const next = recordsKey(feed, state, key, rows);
      if (next) {
        state = next;
        feed.filterBy(state.filter);
        return true;
      }
      const record = selected();
      if (record && (key.name === 'enter' || key.name === 'right')) {
        // What is read rests while it is read.
        state = { ...state, selected: record, cameThen: state.selected === undefined ? feed.ring.came : state.cameThen };
        open(record);
        return true;
      }
      return false;
    },
    focus: () => ({ topic, topics: new Set([topic]), onlyTopic: true }),
    hints: () => (state.isTyping ? ['text, or value.amount > 100'] : ['Enter open', '/ filter', 'f follow', 'Space pause']),
    isTyping: () => state.isTyping,
    value() {
      const record = selected();
      return record && feed.texts?.of(record, 'value').text;
    },
    command() {
      const record = selected();
      return record ? commandFor(record) : `kt tail ${shellWord(name)}`;
    },
    help: [
      ['f  Space', 'follow the newest, rest'],
      ['/', 'text in key or value; or an expression: value.amount > 100'],
      ['', "with value. key headers. as in kt tail --where; over what's kept"],
      ['SIZE', 'bytes of key, value and headers; 2,000 records or 16 MB are kept'],
      ['', 'in no group, nothing is committed'],
    ],
    close: () => feed.stop(),
  };
}

/** The command that prints the same record. */
export function commandFor(record: CopiedRecord): string {
  return `kt tail ${shellWord(`${record.topic}:${record.partition}`)} --from ${record.exactOffset()} -n 1`;
}
