/** Readers of values without parts: bytes of a datum → JSON text in a sink. */
import { appendBase64 } from '../../base/bytes/base64.ts';
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { Constant } from '../../base/bytes/byte-sink.ts';
import { appendJsonString } from '../../base/bytes/json-string.ts';
import { uuidText } from '../../base/bytes/uuid.ts';
import { sourceView } from '../../base/bytes/word32.ts';
import { shortestFloat } from '../../base/shortest-float.ts';
import type { JsonStyle } from '../compiled-schema.ts';
import type { Cursor } from './cursor.ts';
import { appendDouble, javaText } from './float-text.ts';
import { appendJavaBytes, appendJavaString } from './java-string.ts';
import { durationText } from './logical/duration.ts';
import { readBigDecimal, readDecimal } from './logical/read-decimal.ts';
import { appendDate, appendTime, appendTimestamp } from './logical/time-text.ts';
import type { ScalarPlan } from './plan.ts';
import type { Logical, PrimitiveType } from './types.ts';
import { shownLogical } from './union-rule.ts';

/** Takes one value from the cursor and appends it to the sink. What has no JSON, such as a field passed over, appends nothing. */
export type Reader = (from: Cursor, sink: ByteSink) => void;

const nullWord = new Constant('null');
const trueWord = new Constant('true');
const falseWord = new Constant('false');
const two50 = 2 ** 50;
const quote = 34;

export function scalarReader({ from, type }: ScalarPlan, style: JsonStyle): Reader {
  const logical = shownLogical(type, style);
  switch (type.kind) {
    case 'null':
      return (_, sink) => sink.constant(nullWord);
    case 'boolean':
      return readBoolean;
    case 'int':
    case 'long':
      return logical ? timeReader(logical, from === 'long') : from === 'long' ? readLong : readInt;
    case 'float':
    case 'double':
      return floatingReader(from, type.kind === 'float', style.avroJson);
    case 'string':
      return style.avroJson ? readJavaString : readString;
    case 'fixed':
      return fixedReader(type.size, logical, style);
    case 'bytes':
      return logical ? decimalReader(logical) : style.avroJson ? readJavaBytes : readBytes;
  }
}

function readBoolean(from: Cursor, sink: ByteSink): void {
  const at = from.take(1);
  const value = from.bytes[at]!;
  if (value > 1) from.fail(`byte ${value} is no boolean`, at);
  sink.constant(value === 1 ? trueWord : falseWord);
}

function readInt(from: Cursor, sink: ByteSink): void {
  sink.number(from.int());
}

function readLong(from: Cursor, sink: ByteSink): void {
  const value = from.long();
  if (Number.isNaN(value)) sink.ascii(String(from.big));
  else sink.number(value);
}

function timeReader(logical: Logical, isLong: boolean): Reader {
  if (logical.name === 'time') {
    const { digits } = logical;
    return (from, sink) => {
      const value = isLong ? from.long() : from.int();
      appendTime(sink, Number.isNaN(value) ? from.big : value, digits);
    };
  }
  if (logical.name === 'timestamp' || logical.name === 'local-timestamp') {
    const { digits } = logical;
    const hasZone = logical.name === 'timestamp';
    return (from, sink) => {
      const value = isLong ? from.long() : from.int();
      appendTimestamp(sink, Number.isNaN(value) ? from.big : value, digits, hasZone);
    };
  }
  return (from, sink) => appendDate(sink, from.int());
}

function floatingReader(from: ScalarPlan['from'], isNarrow: boolean, isJava: boolean): Reader {
  const value = floatingValue(from, isNarrow);
  if (isJava) return (cursor, sink) => sink.ascii(javaText(value(cursor), isNarrow));
  if (isNarrow) return (cursor, sink) => appendDouble(sink, shortestFloat(value(cursor)));
  return (cursor, sink) => appendDouble(sink, value(cursor));
}

/** Takes the number that was written as `from`, as the float or double that it is read as. */
function floatingValue(from: ScalarPlan['from'], isNarrow: boolean): (cursor: Cursor) => number {
  switch (from) {
    case 'double':
      return takeDouble;
    case 'float':
      return (cursor) => {
        const at = cursor.take(4);
        return sourceView(cursor.bytes).getFloat32(at, true);
      };
    case 'int':
      return isNarrow ? (cursor) => Math.fround(cursor.int()) : (cursor) => cursor.int();
    default:
      return (cursor) => {
        const value = cursor.long();
        if (isNarrow) return floatOfLong(value, cursor);
        return Number.isNaN(value) ? Number(cursor.big) : value;
      };
  }
}

function takeDouble(cursor: Cursor): number {
  const at = cursor.take(8);
  return sourceView(cursor.bytes).getFloat64(at, true);
}

/** Rounded once, as Java does: by way of a double it could be twice. */
function floatOfLong(value: number, { big }: Cursor): number {
  if (!Number.isNaN(value)) return Math.fround(value);
  const part = BigInt(two50);
  let shift = 0n;
  const magnitude = big < 0n ? -big : big;
  while (magnitude >> shift >= part) shift++;
  const top = magnitude >> shift;
  // A last bit that says that there was more keeps the rounding right.
  const sticky = top << shift === magnitude ? top : top | 1n;
  return Math.fround(Number(sticky) * 2 ** Number(shift)) * (big < 0n ? -1 : 1);
}

function readString(from: Cursor, sink: ByteSink): void {
  const length = from.length();
  const start = from.at;
  from.at = start + length;
  if (!appendJsonString(sink, from.bytes, start, from.at)) from.fail('the text is not UTF-8', start);
}

function readJavaString(from: Cursor, sink: ByteSink): void {
  const length = from.length();
  const start = from.at;
  from.at = start + length;
  if (!appendJavaString(sink, from.bytes, start, from.at)) from.fail('the text is not UTF-8', start);
}

function readBytes(from: Cursor, sink: ByteSink): void {
  const length = from.length();
  readBase64(from, sink, length);
}

function readJavaBytes(from: Cursor, sink: ByteSink): void {
  const length = from.length();
  const start = from.take(length);
  appendJavaBytes(sink, from.bytes, start, from.at);
}

/** The whole rest of the datum: bytes that are a message's only type stand without a length. */
export function restReader(type: PrimitiveType, style: JsonStyle): Reader {
  const logical = shownLogical(type, style);
  if (logical?.name === 'decimal') return (from, sink) => readDecimal(from, sink, from.end - from.at, logical.scale);
  if (logical) return (from, sink) => readBigDecimal(from, sink, from.end - from.at);
  if (!style.avroJson) return (from, sink) => readBase64(from, sink, from.end - from.at);
  return (from, sink) => {
    const start = from.take(from.end - from.at);
    appendJavaBytes(sink, from.bytes, start, from.at);
  };
}

/** Appends the next bytes as a string in base64. */
function readBase64(from: Cursor, sink: ByteSink, length: number): void {
  const start = from.take(length);
  sink.byte(quote);
  appendBase64(sink, from.bytes, start, from.at);
  sink.byte(quote);
}

function fixedReader(size: number, logical: Logical | undefined, style: JsonStyle): Reader {
  switch (logical?.name) {
    case 'decimal':
      return (from, sink) => readDecimal(from, sink, size, logical.scale);
    case 'uuid':
      return (from, sink) => sink.ascii(`"${uuidText(from.bytes, from.take(size))}"`);
    case 'duration':
      return (from, sink) => sink.ascii(`"${durationText(from.bytes, from.take(size))}"`);
    default:
      if (!style.avroJson) return (from, sink) => readBase64(from, sink, size);
      return (from, sink) => {
        const start = from.take(size);
        appendJavaBytes(sink, from.bytes, start, from.at);
      };
  }
}

function decimalReader(logical: Logical): Reader {
  if (logical.name === 'decimal') return (from, sink) => readDecimal(from, sink, from.length(), logical.scale);
  return (from, sink) => readBigDecimal(from, sink, from.length());
}
