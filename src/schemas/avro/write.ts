/** A schema → the writer that makes a datum's bytes from JSON text in one pass over its bytes, compiled to closures. */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import { copyBytes } from '../../base/bytes/copy-bytes.ts';
import { isWellFormed } from '../../base/well-formed.ts';
import type { CompiledSchema, JsonStyle } from '../compiled-schema.ts';
import { SchemaDataError } from '../data-error.ts';
import { TextCursor } from './text-cursor.ts';
import type { AvroType, PrimitiveType, RecordType, UnionType } from './types.ts';
import { appendInteger } from './varint.ts';
import { misfit } from './wanted.ts';
import { writingError } from './write-error.ts';
import { RecordFields, recordWriter } from './write-record.ts';
import { appendTextToken, enumWriter, restWriter, scalarWriter, type Writer } from './write-scalar.ts';
import { unionWriter } from './write-union.ts';

const closeBrace = 125;
const closeBracket = 93;
const colon = 58;
/** A block of fewer items has its count in one byte. */
const oneByteCount = 64;

const cursor = new TextCursor();
const smallest = 4096;
/** A larger sink is not kept. */
const largestKept = 1 << 20;
let scratch = new ByteSink(smallest);

/** @param isBare whether the schema is bytes that stand without their length */
export function encoderOf(
  schema: AvroType,
  style: JsonStyle,
  isBare: boolean,
): Required<Pick<CompiledSchema, 'encode' | 'encodeTo'>> {
  let write: Writer | undefined;
  const append = (sink: ByteSink): void => {
    // Most schemas are only read with.
    write ??= isBare ? restWriter(schema as PrimitiveType, style) : new WriterMaker(style).writer(schema);
    const begin = sink.length;
    try {
      write(cursor, sink);
      if (cursor.next() < cursor.end) cursor.fail('is no JSON');
    } catch (error) {
      sink.length = begin;
      throw writingError(error, cursor);
    }
  };
  return {
    encodeTo(json, start, end, sink) {
      cursor.open(json, start, end);
      append(sink);
    },
    encode(text) {
      if (!isWellFormed(text)) throw new SchemaDataError('half a surrogate pair is no character', '');
      cursor.openText(text);
      scratch.length = 0;
      append(scratch);
      const bytes = Buffer.allocUnsafe(scratch.length);
      copyBytes(scratch.buf, 0, scratch.length, bytes, 0);
      if (scratch.buf.length > largestKept) scratch = new ByteSink(smallest);
      return bytes;
    },
  };
}

class WriterMaker {
  readonly #style: JsonStyle;
  readonly #records = new Map<RecordType, RecordFields>();
  /** Records whose fields are still to be compiled; not by recursion, since names may chain without end. */
  readonly #tasks: (() => void)[] = [];

  constructor(style: JsonStyle) {
    this.#style = style;
  }

  writer(schema: AvroType): Writer {
    const write = this.#writer(schema);
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) task();
    return write;
  }

  #writer(type: AvroType): Writer {
    switch (type.kind) {
      case 'enum':
        return enumWriter(type);
      case 'array':
        return arrayWriter(this.#writer(type.items));
      case 'map':
        return mapWriter(this.#writer(type.values));
      case 'union':
        return this.#union(type);
      case 'record':
        return this.#record(type);
      default:
        return scalarWriter(type, this.#style);
    }
  }

  #union(type: UnionType): Writer {
    return unionWriter(
      type,
      type.branches.map((branch) => this.#writer(branch)),
      this.#style,
    );
  }

  #record(type: RecordType): Writer {
    const known = this.#records.get(type);
    if (known) return recordWriter(known);
    const fields = new RecordFields(type);
    this.#records.set(type, fields);
    this.#tasks.push(() => {
      for (const field of type.fields) fields.writers.push(this.#writer(field.type));
    });
    return recordWriter(fields);
  }
}

function arrayWriter(write: Writer): Writer {
  return (from, to) => {
    if (from.kind() !== 'array') misfit(from, 'array');
    from.enter();
    from.at++;
    const begin = to.length;
    to.byte(0);
    if (!from.takes(closeBracket)) {
      let count = 0;
      do {
        write(from, to);
        count++;
      } while (from.continues(closeBracket));
      closeBlock(to, begin, count);
    }
    from.leave();
  };
}

function mapWriter(write: Writer): Writer {
  return (from, to) => {
    if (from.kind() !== 'object') misfit(from, 'map');
    from.enter();
    from.at++;
    const begin = to.length;
    to.byte(0);
    if (!from.takes(closeBrace)) {
      let count = 0;
      do {
        from.skipSpace();
        appendTextToken(from, to);
        from.expect(colon);
        write(from, to);
        count++;
      } while (from.continues(closeBrace));
      closeBlock(to, begin, count);
    }
    from.leave();
  };
}

/** Sets the count before the items, for which one byte was left, and ends the blocks. */
function closeBlock(to: ByteSink, begin: number, count: number): void {
  const end = to.length;
  if (count < oneByteCount) to.buf[begin] = count * 2;
  else {
    appendInteger(to, count);
    const more = to.length - end - 1;
    to.ensure(more);
    to.buf.copyWithin(begin + 1 + more, begin + 1, end);
    to.length = begin;
    appendInteger(to, count);
    to.length = end + more;
  }
  to.byte(0);
}
