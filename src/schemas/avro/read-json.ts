/** A plan → the reader that appends a datum as JSON, compiled to closures: nothing is made for a value but its text. */
import { ByteSink, Constant } from '../../base/bytes/byte-sink.ts';
import { appendJsonString } from '../../base/bytes/json-string.ts';
import type { JsonStyle } from '../compiled-schema.ts';
import { Cursor } from './cursor.ts';
import { defaultBytes } from './default.ts';
import { inside } from './flaw.ts';
import { appendJavaString } from './java-string.ts';
import type { BranchPlan, EnumPlan, FieldPlan, Plan, RecordPlan } from './plan.ts';
import { RecordParts, recordReader } from './read-record.ts';
import { type Reader, scalarReader } from './read-scalar.ts';
import { resolve } from './resolve.ts';
import { branchOf, skipperOf } from './skip.ts';
import type { Field, UnionType } from './types.ts';
import { type UnionRule, unionRule } from './union-rule.ts';

const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;
const comma = 44;
const colon = 58;
const quote = 34;

export class ReaderMaker {
  readonly #style: JsonStyle;
  readonly #records = new Map<RecordPlan, RecordParts>();
  readonly #rules = new Map<UnionType, UnionRule>();
  /** Records whose fields are still to be compiled; not by recursion, since names may chain without end. */
  readonly #tasks: (() => void)[] = [];

  constructor(style: JsonStyle) {
    this.#style = style;
  }

  /** @throws KtError `usage` for a default that is needed and does not fit its field */
  reader(plan: Plan): Reader {
    const read = this.#reader(plan);
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) task();
    return read;
  }

  #reader(plan: Plan): Reader {
    switch (plan.kind) {
      case 'scalar':
        return scalarReader(plan, this.#style);
      case 'enum':
        return enumReader(plan);
      case 'array':
        return arrayReader(this.#reader(plan.items));
      case 'map':
        return mapReader(this.#reader(plan.values), this.#style.avroJson);
      case 'union': {
        const branches = plan.branches.map((branch) => this.#reader(branch));
        return (from, sink) => branchOf(branches, from)(from, sink);
      }
      case 'branch':
        return this.#branch(plan);
      case 'skip':
        return skipperOf(plan.type);
      case 'error':
        return (from) => from.fail(plan.problem);
      case 'record':
        return this.#record(plan);
    }
  }

  #branch({ type, index, plan }: BranchPlan): Reader {
    let rule = this.#rules.get(type);
    if (!rule) {
      rule = unionRule(type, this.#style);
      this.#rules.set(type, rule);
    }
    const read = this.#reader(plan);
    const tag = new Constant(`{${JSON.stringify(rule.names[index]!)}:`);
    if (rule.isTagged[index]) {
      return (from, sink) => {
        sink.constant(tag);
        read(from, sink);
        sink.byte(closeBrace);
      };
    }
    if (!rule.tagsNaN[index]) return read;
    return (from, sink) => {
      const begin = sink.length;
      read(from, sink);
      if (sink.buf[begin] !== quote) return;
      const word = sink.buf.toString('latin1', begin, sink.length);
      sink.length = begin;
      sink.constant(tag);
      sink.ascii(word);
      sink.byte(closeBrace);
    };
  }

  #record(plan: RecordPlan): Reader {
    const known = this.#records.get(plan);
    if (known) return recordReader(known);
    const record = new RecordParts(plan);
    this.#records.set(plan, record);
    this.#tasks.push(() => {
      for (const part of record.order) this.#addPart(record, plan, part);
    });
    return recordReader(record);
  }

  #addPart(record: RecordParts, { type }: RecordPlan, part: FieldPlan | number): void {
    if (typeof part === 'number') {
      const field = type.fields[part]!;
      record.add(field.name, `,${JSON.stringify(field.name)}:${this.#defaultText(field)}`, nothing);
      return;
    }
    const { name, target, plan } = part;
    record.add(name, target === undefined ? '' : `,${JSON.stringify(type.fields[target]!.name)}:`, this.#reader(plan));
  }

  #defaultText(field: Field): string {
    const read = new ReaderMaker(this.#style).reader(resolve(field.type, field.type));
    const bytes = defaultBytes(field);
    const cursor = new Cursor();
    cursor.open(bytes, 0, bytes.length);
    const sink = new ByteSink(bytes.length * 2 + 64);
    read(cursor, sink);
    return sink.buf.toString('utf8', 0, sink.length);
  }
}

function nothing(): void {}

function enumReader({ symbols, written }: EnumPlan): Reader {
  const texts = symbols.map((symbol) => (symbol === undefined ? undefined : new Constant(JSON.stringify(symbol))));
  return (from, sink) => {
    const { at } = from;
    const index = from.int();
    const text = texts[index];
    if (text !== undefined) sink.constant(text);
    else if (index >= 0 && index < texts.length)
      from.fail(`the reader's enum has no symbol ${written[index]!}, and no default`, at);
    else from.fail(`symbol ${index} of an enum of ${texts.length}`, at);
  };
}

function arrayReader(read: Reader): Reader {
  return (from, sink) => {
    from.enter();
    sink.byte(openBracket);
    let index = 0;
    try {
      for (let count = from.blockCount(); count !== 0; count = from.blockCount()) {
        const { blockEnd } = from;
        for (; count > 0; count--, index++) {
          from.step();
          if (index > 0) sink.byte(comma);
          read(from, sink);
        }
        from.closeBlock(blockEnd);
      }
    } catch (error) {
      throw inside(error, index);
    }
    sink.byte(closeBracket);
    from.leave();
  };
}

function mapReader(read: Reader, isJava: boolean): Reader {
  const append = isJava ? appendJavaString : appendJsonString;
  return (from, sink) => {
    from.enter();
    sink.byte(openBrace);
    let isFirst = true;
    for (let count = from.blockCount(); count !== 0; count = from.blockCount()) {
      const { blockEnd } = from;
      for (; count > 0; count--) {
        from.step();
        if (!isFirst) sink.byte(comma);
        isFirst = false;
        const length = from.length();
        const start = from.take(length);
        const end = from.at;
        if (!append(sink, from.bytes, start, end)) from.fail('the key is not UTF-8', start);
        sink.byte(colon);
        try {
          read(from, sink);
        } catch (error) {
          throw inside(error, from.bytes.toString('utf8', start, end));
        }
      }
      from.closeBlock(blockEnd);
    }
    sink.byte(closeBrace);
    from.leave();
  };
}
