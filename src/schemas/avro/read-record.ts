/** Records as JSON objects, their fields in the order of the reader's schema. */
import { type ByteSink, Constant } from '../../base/bytes/byte-sink.ts';
import { inside } from './flaw.ts';
import type { FieldPlan, RecordPlan } from './plan.ts';
import type { Reader } from './read-scalar.ts';

const openBrace = 123;
const closeBrace = 125;

/** What a record's reader goes through. Each part appends a comma, name and value, or nothing. */
export class RecordParts {
  readonly names: string[] = [];
  readonly heads: Constant[] = [];
  readonly reads: Reader[] = [];
  /** The parts: fields of the writer in its order, and by their index those that only the reader has. */
  readonly order: readonly (FieldPlan | number)[];
  /** The parts in the reader's order, by index, if what the writer wrote is in another. */
  readonly places: readonly number[] | undefined;

  constructor({ fields, added }: RecordPlan) {
    const targets = fields.map(({ target }) => target).filter((target) => target !== undefined);
    const isOrdered = targets.every((target, index) => index === 0 || target > targets[index - 1]!);
    const order: (FieldPlan | number)[] = [];
    const waiting = [...added.keys()];
    for (const field of fields) {
      while (isOrdered && field.target !== undefined && waiting.length > 0 && waiting[0]! < field.target)
        order.push(waiting.shift()!);
      order.push(field);
    }
    this.order = [...order, ...waiting];
    if (isOrdered) return;
    const targetOf = (part: FieldPlan | number): number | undefined => (typeof part === 'number' ? part : part.target);
    const shown = [...this.order.keys()].filter((index) => targetOf(this.order[index]!) !== undefined);
    this.places = shown.sort((a, b) => targetOf(this.order[a]!)! - targetOf(this.order[b]!)!);
  }

  add(name: string, head: string, read: Reader): void {
    this.names.push(name);
    this.heads.push(new Constant(head));
    this.reads.push(read);
  }
}

export function recordReader(record: RecordParts): Reader {
  const { heads, reads, names, places } = record;
  return (from, sink) => {
    from.enter();
    const begin = sink.length;
    const ends = places === undefined ? undefined : new Array<number>(reads.length);
    let index = 0;
    try {
      for (; index < reads.length; index++) {
        sink.constant(heads[index]!);
        reads[index]!(from, sink);
        if (ends !== undefined) ends[index] = sink.length;
      }
    } catch (error) {
      throw inside(error, names[index]!);
    }
    if (ends !== undefined) reorder(sink, begin, ends, places!);
    if (sink.length === begin) sink.byte(openBrace);
    else sink.buf[begin] = openBrace;
    sink.byte(closeBrace);
    from.leave();
  };
}

/** Puts what was appended since `begin` into another order. @param ends where each part ended */
function reorder(sink: ByteSink, begin: number, ends: readonly number[], places: readonly number[]): void {
  const parts = Buffer.from(sink.buf.subarray(begin, sink.length));
  sink.length = begin;
  for (const place of places) sink.copy(parts, (place === 0 ? begin : ends[place - 1]!) - begin, ends[place]! - begin);
}
