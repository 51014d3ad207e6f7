/** Records from JSON objects: members in any order, defaults for those that are missing. */
import { type ByteSink, Constant } from '../../base/bytes/byte-sink.ts';
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
  readonly #defaults: (Buffer | undefined)[] = [];

  constructor(type: RecordType) {
    this.type = type;
    this.quoted = type.fields.map(({ name }) => new Constant(`${JSON.stringify(name)}:`));
    this.indexes = new Map(type.fields.map(({ name }, index) => [name, index]));
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
  const { writers, quoted, type } = fields;
  const count = quoted.length;
  return (from, sink) => {
    if (from.skipSpace() !== openBrace) misfit(from, `record ${type.name}`);
    from.enter();
    const objectAt = from.at++;
    // Members in the schema's order are written as they come; from the first that is not, `parts` knows where each one is.
    let next = 0;
    let parts: Parts | undefined;
    if (!from.takes(closeBrace)) {
      do {
        const nameAt = from.next();
        let index = next;
        if (next >= count || !from.takesBytes(quoted[next]!)) index = fields.indexOf(from.takeName(), from, nameAt);
        if (index !== next || parts !== undefined) {
          parts ??= new Parts(next, sink.length, count);
          if (index < parts.first || parts.starts[index] !== undefined) {
            from.fail(`field "${type.fields[index]!.name}" is there twice`, nameAt);
          }
          parts.starts[index] = sink.length;
        }
        writers[index]!(from, sink);
        if (parts !== undefined) parts.ends[index] = sink.length;
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
  /** The fields before this one are in order, and end at `begin`. */
  readonly first: number;
  readonly begin: number;
  readonly starts: (number | undefined)[];
  readonly ends: number[];

  constructor(first: number, begin: number, count: number) {
    this.first = first;
    this.begin = begin;
    this.starts = new Array(count).fill(undefined);
    this.ends = new Array(count).fill(0);
  }
}

/** Puts the fields into the schema's order, with defaults where one is missing. */
function arrange(fields: RecordFields, parts: Parts, from: TextCursor, sink: ByteSink, objectAt: number): void {
  const { begin, starts, ends } = parts;
  const written = Buffer.from(sink.buf.subarray(begin, sink.length));
  sink.length = begin;
  for (let index = parts.first; index < starts.length; index++) {
    const start = starts[index];
    if (start === undefined) fields.appendDefault(index, from, sink, objectAt);
    else sink.copy(written, start - begin, ends[index]! - begin);
  }
}
