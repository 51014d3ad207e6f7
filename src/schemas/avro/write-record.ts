/** Records from JSON objects: members in any order, defaults for those that are missing. */
import { ByteSink, Constant } from '../../base/bytes/byte-sink.ts';
import { KtError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { defaultBytes } from './default.ts';
import type { TextCursor } from './text-cursor.ts';
import type { RecordType } from './types.ts';
import { misfit } from './wanted.ts';
import type { Writer } from './write-scalar.ts';

const openBrace = 123;
const closeBrace = 125;

export class RecordFields {
  readonly type: RecordType;
  /** Filled in later, since records may hold themselves. */
  readonly writers: Writer[] = [];
  /** The names and colons as JSON nearly always spells them. */
  readonly quoted: readonly Constant[];
  readonly indexes: ReadonlyMap<string, number>;
  /** Which field came last time behind each one (0 is before the first): lines of one source have their members in one order. */
  readonly following: number[];
  readonly #spare: Parts[] = [];
  readonly #defaults: (Buffer | undefined)[] = [];

  constructor(type: RecordType) {
    this.type = type;
    this.quoted = type.fields.map(({ name }) => new Constant(`${JSON.stringify(name)}:`));
    this.indexes = new Map(type.fields.map(({ name }, index) => [name, index]));
    this.following = Array.from({ length: type.fields.length + 1 }, (_, index) => index);
  }

  /** Appends what stands for a field that is missing. @param at where the object begins */
  appendDefault(index: number, from: TextCursor, sink: ByteSink, at: number): void {
    const field = this.type.fields[index]!;
    if (field.default === undefined) from.fail(`field "${field.name}" is missing, and has no default`, at);
    try {
      this.#defaults[index] ??= defaultBytes(field);
    } catch (error) {
      if (!(error instanceof KtError)) throw error;
      from.fail(`field "${field.name}" is missing, and its default is wrong (${error.message})`, at);
    }
    const bytes = this.#defaults[index]!;
    sink.copy(bytes, 0, bytes.length);
  }

  /** For a record whose fields before `first` are in order, and end at `begin`. */
  parts(first: number, begin: number): Parts {
    const parts = this.#spare.pop() ?? new Parts(this.quoted.length);
    parts.first = first;
    parts.begin = begin;
    parts.starts.fill(-1);
    return parts;
  }

  /** Keeps parts that are done with for the next record. */
  keep(parts: Parts): void {
    this.#spare.push(parts);
  }

  indexOf(name: string, from: TextCursor, at: number): number {
    const index = this.indexes.get(name);
    if (index !== undefined) return index;
    const meant = nearest(name, this.indexes.keys());
    return from.fail(
      `record ${this.type.name} has no field "${name}"${meant === undefined ? '' : ` (did you mean "${meant}"?)`}`,
      at,
    );
  }
}

export function recordWriter(fields: RecordFields): Writer {
  const { writers, quoted, type, following } = fields;
  const count = quoted.length;
  return (from, sink) => {
    if (from.skipSpace() !== openBrace) misfit(from, `record ${type.name}`);
    from.enter();
    const objectAt = from.at++;
    // Members in the schema's order are written as they come; from the first that is not, `parts` knows where each one is.
    let next = 0;
    let last = -1;
    let parts: Parts | undefined;
    if (!from.takes(closeBrace)) {
      do {
        const nameAt = from.next();
        let index = following[last + 1]!;
        if (index === count || !from.takesBytes(quoted[index]!)) {
          index = fields.indexOf(from.takeName(), from, nameAt);
          following[last + 1] = index;
        }
        if (index !== next || parts !== undefined) {
          parts ??= fields.parts(next, sink.length);
          if (index < parts.first || parts.starts[index] !== -1) {
            from.fail(`field "${type.fields[index]!.name}" is there twice`, nameAt);
          }
          parts.starts[index] = sink.length;
        }
        writers[index]!(from, sink);
        if (parts !== undefined) parts.ends[index] = sink.length;
        last = index;
        next = index + 1;
      } while (from.continues(closeBrace));
    }
    if (parts !== undefined) arrange(fields, parts, from, sink, objectAt);
    else for (; next < count; next++) fields.appendDefault(next, from, sink, objectAt);
    from.leave();
  };
}

/** Where the fields of a record are that came in another order than the schema's. */
class Parts {
  first = 0;
  begin = 0;
  /** -1 for a field that has not come. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;

  constructor(count: number) {
    this.starts = new Int32Array(count);
    this.ends = new Int32Array(count);
  }
}

const smallest = 4096;
/** A larger sink is not kept. */
const largestKept = 1 << 20;
let scratch = new ByteSink(smallest);

/** Puts the fields into the schema's order, with defaults where one is missing. */
function arrange(fields: RecordFields, parts: Parts, from: TextCursor, sink: ByteSink, objectAt: number): void {
  const { begin, starts, ends } = parts;
  const written = scratch;
  written.length = 0;
  written.copy(sink.buf, begin, sink.length);
  sink.length = begin;
  for (let index = parts.first; index < starts.length; index++) {
    const start = starts[index]!;
    if (start === -1) fields.appendDefault(index, from, sink, objectAt);
    else sink.copy(written.buf, start - begin, ends[index]! - begin);
  }
  if (written.buf.length > largestKept) scratch = new ByteSink(smallest);
  fields.keep(parts);
}
