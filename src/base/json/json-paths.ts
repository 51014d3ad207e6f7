/** Fields of JSON objects, each at a path of names, read from the bytes: nothing is made but what is asked for. */
import { KnownTexts } from '../bytes/known-texts.ts';
import { sourceView, wordBytes } from '../bytes/word32.ts';
import { type ExactJson, parseExactJson } from './exact-json.ts';
import { jsonNumber } from './json-number.ts';
import { numberEnd, scalarEnd, stringEnd, wordEnd } from './scalars.ts';
import { Place, Step, unlearned, WantedField } from './steps.ts';

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const quote = 34;
const comma = 44;
const nine = 57;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const letterF = 102;
const letterN = 110;
const letterT = 116;
const openBrace = 123;
const closeBrace = 125;

/** Deeper text is left to other readers. */
const deepest = 200;
/** How many steps are learned, in all. */
const mostSteps = 2000;

/** Whether a name can be in a path: text that UTF-8 can hold, without what stands for bytes that are none. */
export function isReadAlone(name: string): boolean {
  return !Buffer.from(name).includes('\ufffd');
}

/**
 * Reads JSON objects for the fields at a few paths. What it gives is what `parseExactJson` of the whole text would hold there: the last
 * counts of a name that is there twice, and integers keep every digit.
 */
export class JsonPaths {
  readonly #root = new WantedField(Buffer.alloc(0));
  /** Where the field of each slot begins and ends; -1 for one that is not there. */
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #first = new Place();
  #stepsLeft = mostSteps;
  #bytes: Buffer = Buffer.alloc(0);
  #view = sourceView(this.#bytes);
  #end = 0;
  readonly #texts = new KnownTexts(stringIn);
  /** What the name means that was read last. */
  #wanted: WantedField | undefined;

  /** The slot for a path, by which `value` gives the field there, from the next `read` on. Each name has to be one that `isReadAlone`. */
  slot(path: readonly string[]): number {
    let field = this.#root;
    const way: WantedField[] = [];
    for (const text of path) {
      way.push(field);
      const name = Buffer.from(text);
      let next = field.named(name, 0, name.length);
      if (next === undefined) {
        next = new WantedField(name);
        field.fields.push(next);
      }
      field = next;
    }
    if (field.slot < 0) {
      field.slot = this.#starts.length;
      for (const { below } of way) below.push(field.slot);
      this.#starts = new Int32Array(field.slot + 1).fill(-1);
      this.#ends = new Int32Array(field.slot + 1);
      // What was learned does not know the new path.
      this.#first = new Place();
      this.#stepsLeft = mostSteps;
    }
    return field.slot;
  }

  /** Finds the fields in `bytes[start, end)`. False if that is no object in JSON and UTF-8, or one that is nested deep: nothing is known then. */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#view = sourceView(bytes);
    this.#end = end;
    const first = this.#blanksEnd(start);
    if (first >= end || bytes[first] !== openBrace) return false;
    const stop = this.#objectEnd(this.#root, first + 1, this.#first, 1);
    return stop >= 0 && this.#blanksEnd(stop) === end;
  }

  /** The field of a slot in what was read last; undefined if there is none. A new object each time. */
  value(slot: number): ExactJson | undefined {
    const start = this.#starts[slot]!;
    const end = this.#ends[slot]!;
    const bytes = this.#bytes;
    if (start < 0) return undefined;
    switch (bytes[start]) {
      case quote:
        return this.#texts.text(bytes, this.#view, start, end);
      case letterN:
        return null;
      case letterT:
        return true;
      case letterF:
        return false;
      case openBrace:
      case openBracket:
        return parseExactJson(bytes.toString('utf8', start, end));
      default:
        return jsonNumber(bytes, start, end);
    }
  }

  /** Where the field of a slot begins in the bytes that were read last; -1 if there is none. */
  startOf(slot: number): number {
    return this.#starts[slot]!;
  }

  /** Where it ends. */
  endOf(slot: number): number {
    return this.#ends[slot]!;
  }

  /** Where the object ends, from behind its brace; -1 if it is none. */
  #objectEnd(wanted: WantedField | undefined, start: number, first: Place, depth: number): number {
    if (depth > deepest) return -1;
    if (wanted !== undefined) this.#forget(wanted);
    const bytes = this.#bytes;
    const view = this.#view;
    const end = this.#end;
    let place = first;
    let at = start;
    for (;;) {
      if (bytes[at] === closeBrace && at < end) return at + 1;
      let step = place.first;
      while (step !== undefined && !step.isAt(view, at, end)) step = step.other;
      if (step !== undefined) at += step.length;
      else {
        const behind = this.#stepEnd(wanted, at, at === start);
        if (behind < 0 || bytes[behind - 1] === closeBrace) return behind;
        step = this.#learned(place, at, behind);
        at = behind;
      }
      const field = step.wanted;
      const value = at;
      // Calls that engines inline: in one more function they do not, which takes a third longer.
      const byte = bytes[at]!;
      if (byte === quote) at = stringEnd(bytes, view, at, end);
      else if (byte <= nine) at = numberEnd(bytes, at, end);
      else if (byte === openBrace) at = this.#objectEnd(field, at + 1, step.inner, depth + 1);
      else if (byte === openBracket) at = this.#listEnd(at + 1, step.items, depth + 1);
      else at = wordEnd(view, at, end);
      if (at < 0) return -1;
      if (field !== undefined) this.#found(field, value, at);
      place = step.next;
    }
  }

  #found(field: WantedField, start: number, end: number): void {
    if (this.#bytes[start] !== openBrace) this.#forget(field);
    if (field.slot < 0) return;
    this.#starts[field.slot] = start;
    this.#ends[field.slot] = end;
  }

  /** What was found in a field does not count: its name comes again. */
  #forget({ below }: WantedField): void {
    for (let index = 0; index < below.length; index++) this.#starts[below[index]!] = -1;
  }

  /** Where the next value begins, or the object ends; -1 if neither is there. */
  #stepEnd(wanted: WantedField | undefined, start: number, isFirst: boolean): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#blanksEnd(start);
    if (at >= end) return -1;
    if (bytes[at] === closeBrace) return at + 1;
    if (!isFirst) {
      if (bytes[at] !== comma) return -1;
      at = this.#blanksEnd(at + 1);
    }
    const nameEnd = at < end && bytes[at] === quote ? stringEnd(bytes, this.#view, at, end) : -1;
    if (nameEnd < 0) return -1;
    this.#wanted = wanted && this.#fieldOf(wanted, at, nameEnd);
    at = this.#blanksEnd(nameEnd);
    return at < end && bytes[at] === colon ? this.#blanksEnd(at + 1) : -1;
  }

  #fieldOf(wanted: WantedField, start: number, end: number): WantedField | undefined {
    const bytes = this.#bytes;
    for (let at = start + 1; at < end; at++) {
      if (bytes[at] !== backslash) continue;
      const name = Buffer.from(stringIn(bytes, start, end));
      return wanted.named(name, 0, name.length);
    }
    return wanted.named(bytes, start + 1, end - 1);
  }

  /** The step in this range, for next time. */
  #learned(place: Place, start: number, end: number): Step {
    const wanted = this.#wanted;
    if (place.isFull || this.#stepsLeft === 0 || end - start < wordBytes) return wanted ? wanted.unlearned : unlearned;
    this.#stepsLeft--;
    const step = new Step(wanted);
    step.learn(this.#view, start, end);
    place.add(step);
    return step;
  }

  /** Where the list ends, from behind its bracket; -1 if it is none. */
  #listEnd(start: number, items: Place, depth: number): number {
    if (depth > deepest) return -1;
    const bytes = this.#bytes;
    const view = this.#view;
    const end = this.#end;
    let at = this.#blanksEnd(start);
    if (at < end && bytes[at] === closeBracket) return at + 1;
    for (;;) {
      const byte = bytes[at]!;
      if (byte === openBrace) at = this.#objectEnd(undefined, at + 1, items, depth + 1);
      else at = byte === openBracket ? this.#listEnd(at + 1, items, depth + 1) : scalarEnd(bytes, view, at, end);
      if (at < 0) return -1;
      at = this.#blanksEnd(at);
      if (at >= end) return -1;
      if (bytes[at] === closeBracket) return at + 1;
      if (bytes[at] !== comma) return -1;
      at = this.#blanksEnd(at + 1);
    }
  }

  #blanksEnd(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    for (; at < this.#end; at++) {
      const byte = bytes[at]!;
      if (byte > space || (byte !== space && byte !== lineFeed && byte !== carriageReturn && byte !== tab)) break;
    }
    return at;
  }
}

/** The string in a range, quotes included. */
function stringIn(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start + 1, end - 1);
  return text.includes('\\') ? JSON.parse(`"${text}"`) : text;
}
