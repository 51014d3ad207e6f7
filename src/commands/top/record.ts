/** One record: keys that scroll, fold and search in it, and go to the records beside it. */
import { localTime } from '../../base/local-time.ts';
import type { Key } from '../../cli/full-screen.ts';
import type { CopiedRecord } from '../../records/copied-record.ts';
import { cursorStep } from './cursor.ts';
import { entryKey } from './entry.ts';
import { whole } from './numbers.ts';
import { drawRecord, matches, newRecord, type RecordContent, type RecordState, valueLines } from './record-lines.ts';
import { commandFor } from './records.ts';
import { type Actions, type Body, type Room, type Scene, toned, type View } from './view.ts';

/** What a key that types nothing changes in how the record is shown. */
const changes: Readonly<Record<string, (state: RecordState) => Partial<RecordState>>> = {
  j: () => ({ mode: 'text', at: 0 }),
  x: () => ({ mode: 'hex', at: 0 }),
  w: ({ wraps }) => ({ wraps: !wraps, at: 0 }),
  '/': () => ({ isTyping: true }),
};

/** The record before (-1) or after (1) one, where there is one. */
export type Neighbour = (of: CopiedRecord, by: 1 | -1) => RecordContent | undefined;

export class RecordView implements View {
  readonly help: View['help'] = [
    ['j x w', 'as text, as hex, long lines wrapped'],
    ['Enter z  Z', 'fold what the line opens; fold all, unfold all'],
    ['/ n N', 'search in the value, next and previous match'],
    ['[ ]', 'the record before, the record after'],
    ['y Y', 'copy the value; the kt command that prints the record'],
  ];
  readonly #neighbour: Neighbour;
  #parts: RecordContent;
  #state = newRecord;
  #made: { readonly of: readonly unknown[]; readonly lines: ReturnType<typeof valueLines> } | undefined;
  #rows = 10;
  #width = 80;

  constructor(parts: RecordContent, neighbour: Neighbour) {
    this.#parts = parts;
    this.#neighbour = neighbour;
  }

  title(): ReturnType<NonNullable<View['title']>> {
    const { record } = this.#parts;
    const { topic, partition, timestamp, timestampType, size } = record;
    const time = timestamp < 0 ? 'no timestamp' : `${localTime(timestamp) ?? String(record.exactTimestamp())} ${timestampType}`;
    return [toned(topic, 'strong'), toned(` › ${partition} › ${record.exactOffset()}   ${time}   ${whole(size)} B`, undefined)];
  }

  draw(_scene: Scene, room: Room): Body {
    this.#width = room.width;
    const body = drawRecord(this.#parts, this.#lines(), this.#state, room);
    this.#change({ above: body.above });
    this.#rows = body.rows;
    return body;
  }

  key(key: Key, _scene: Scene, actions: Actions): boolean {
    if (this.#state.isTyping) return this.#type(key);
    const { name } = key;
    // j shows the text.
    const step = name === 'j' ? undefined : cursorStep(key);
    const change = changes[name];
    if (step) this.#move(step(this.#state.at, this.#rows, this.#lines().length));
    else if (change) this.#change(change(this.#state));
    else if (name === 'n' || name === 'N') this.#jump(name === 'n' ? 1 : -1);
    else if (name === 'enter' || name === 'z') this.#fold();
    else if (name === 'Z') this.#foldAll();
    else if (name === ']' || name === '[') this.#show(name === ']' ? 1 : -1, actions);
    else if (name === 'escape' && this.#state.search !== '') this.#change({ search: '' });
    else return false;
    return true;
  }

  focus(): ReturnType<View['focus']> {
    const { topic } = this.#parts.record;
    return { topic, topics: new Set([topic]), onlyTopic: true };
  }

  hints(): readonly string[] {
    if (this.#state.isTyping) return ['Enter keeps', 'Esc clears'];
    return ['/ search', 'n N match', '[ ] record', 'Enter fold', 'y copy'];
  }

  isTyping(): boolean {
    return this.#state.isTyping;
  }

  value(): string {
    return this.#parts.value;
  }

  command(): string {
    return commandFor(this.#parts.record);
  }

  /** The value's lines, which are costly to make: made again when something that they are made of has changed. */
  #lines(): ReturnType<typeof valueLines> {
    const { mode, wraps, folded } = this.#state;
    const of = [this.#parts, mode, wraps, folded, wraps ? this.#width : 0];
    if (of.some((each, index) => each !== this.#made?.of[index]))
      this.#made = { of, lines: valueLines(this.#parts, this.#state, this.#width) };
    return this.#made!.lines;
  }

  #change(change: Partial<RecordState>): void {
    this.#state = { ...this.#state, ...change };
  }

  #move(to: number): void {
    this.#change({ at: Math.max(0, Math.min(this.#lines().length - 1, to)) });
  }

  #type(key: Key): boolean {
    if (key.name === 'enter') this.#change({ isTyping: false });
    else if (key.name === 'escape') this.#change({ isTyping: false, search: '' });
    else {
      const search = entryKey(this.#state.search, key);
      if (search === undefined) return false;
      // What is folded is searched too.
      this.#change({ search, folded: new Set() });
      const found = matches(this.#lines(), search);
      const next = found.find((each) => each >= this.#state.at) ?? found[0];
      if (next !== undefined) this.#move(next);
    }
    return true;
  }

  /** To the next match, or the previous one; around the end. */
  #jump(by: 1 | -1): void {
    const { search, at } = this.#state;
    const found = matches(this.#lines(), search);
    const next = by > 0 ? (found.find((each) => each > at) ?? found[0]) : (found.findLast((each) => each < at) ?? found.at(-1));
    if (next !== undefined) this.#move(next);
  }

  #fold(): void {
    const { folds } = this.#lines()[this.#state.at] ?? {};
    if (folds === undefined) return;
    const folded = new Set(this.#state.folded);
    if (!folded.delete(folds)) folded.add(folds);
    this.#change({ folded });
  }

  /** Everything below the top, or nothing. */
  #foldAll(): void {
    const inner = (this.#parts.json ?? []).flatMap(({ depth, closes }, index) =>
      depth > 0 && closes !== undefined ? [index] : [],
    );
    this.#change({ folded: new Set(this.#state.folded.size > 0 ? [] : inner), at: 0 });
  }

  #show(by: 1 | -1, actions: Actions): void {
    const next = this.#neighbour(this.#parts.record, by);
    if (!next) {
      actions.say(by > 0 ? 'no later record is kept' : 'no earlier record is kept');
      return;
    }
    const { mode, wraps, search } = this.#state;
    this.#parts = next;
    this.#state = { ...newRecord, mode, wraps, search };
  }
}
