/** Each scalar type on the wire → JSON, and → a value. */

import { type ByteSink, Constant } from '../../../base/bytes/byte-sink.ts';
import { appendJsonString } from '../../../base/bytes/json-string.ts';
import { isUtf8 } from '../../../base/bytes/utf8.ts';
import type { ScalarType } from '../source/declaration.ts';
import type { Cursor } from '../wire/cursor.ts';
import { wireTypes } from '../wire/cursor.ts';
import { appendDouble, appendQuoted, floatNumber, treeOfDouble } from './numbers.ts';

interface ScalarForm {
  readonly wire: number;
  /** Appends the value at the cursor as JSON. */
  readonly write: (cursor: Cursor, sink: ByteSink) => void;
  /** The value at the cursor; 64-bit integers exact. */
  readonly read: (cursor: Cursor) => number | bigint | boolean | string;
  /** Whether JSON has the number as text. */
  readonly isQuoted: boolean;
}

const quote = 34;
const trueText = new Constant('true');
const falseText = new Constant('false');

function small(wire: number, read: (cursor: Cursor) => number): ScalarForm {
  return { wire, read, write: (cursor, sink) => sink.number(read(cursor)), isQuoted: false };
}

function large(wire: number, read: (cursor: Cursor) => number | bigint): ScalarForm {
  return { wire, read, write: (cursor, sink) => appendQuoted(sink, read(cursor)), isQuoted: true };
}

function bytesText(cursor: Cursor): string {
  const end = cursor.lengthEnd();
  const text = cursor.bytes.toString('base64', cursor.at, end);
  cursor.at = end;
  return text;
}

export const scalarForms: Readonly<Record<ScalarType, ScalarForm>> = {
  int32: small(wireTypes.varint, (cursor) => cursor.int32()),
  uint32: small(wireTypes.varint, (cursor) => cursor.uint32()),
  sint32: small(wireTypes.varint, (cursor) => {
    const value = cursor.uint32();
    return (value >>> 1) ^ -(value & 1);
  }),
  fixed32: small(wireTypes.fixed32, (cursor) => cursor.fixed32() >>> 0),
  sfixed32: small(wireTypes.fixed32, (cursor) => cursor.fixed32()),
  int64: large(wireTypes.varint, (cursor) => {
    cursor.varint();
    return cursor.signed64();
  }),
  uint64: large(wireTypes.varint, (cursor) => {
    cursor.varint();
    return cursor.unsigned64();
  }),
  sint64: large(wireTypes.varint, (cursor) => {
    cursor.varint();
    cursor.unzigzag();
    return cursor.signed64();
  }),
  fixed64: large(wireTypes.fixed64, (cursor) => {
    cursor.fixed64();
    return cursor.unsigned64();
  }),
  sfixed64: large(wireTypes.fixed64, (cursor) => {
    cursor.fixed64();
    return cursor.signed64();
  }),
  float: {
    wire: wireTypes.fixed32,
    write: (cursor, sink) => appendDouble(sink, floatNumber(cursor.float())),
    read: (cursor) => treeOfDouble(floatNumber(cursor.float())),
    isQuoted: false,
  },
  double: {
    wire: wireTypes.fixed64,
    write: (cursor, sink) => appendDouble(sink, cursor.double()),
    read: (cursor) => treeOfDouble(cursor.double()),
    isQuoted: false,
  },
  bool: {
    wire: wireTypes.varint,
    write: (cursor, sink) => sink.constant(cursor.bool() ? trueText : falseText),
    read: (cursor) => cursor.bool(),
    isQuoted: false,
  },
  string: {
    wire: wireTypes.bytes,
    write(cursor, sink) {
      const end = cursor.lengthEnd();
      if (!appendJsonString(sink, cursor.bytes, cursor.at, end)) cursor.fault('this string is not UTF-8');
      cursor.at = end;
    },
    read(cursor) {
      const end = cursor.lengthEnd();
      if (!isUtf8(cursor.bytes, cursor.at, end)) cursor.fault('this string is not UTF-8');
      const text = cursor.bytes.toString('utf8', cursor.at, end);
      cursor.at = end;
      return text;
    },
    isQuoted: false,
  },
  bytes: {
    wire: wireTypes.bytes,
    write(cursor, sink) {
      sink.byte(quote);
      sink.ascii(bytesText(cursor));
      sink.byte(quote);
    },
    read: bytesText,
    isQuoted: false,
  },
};
