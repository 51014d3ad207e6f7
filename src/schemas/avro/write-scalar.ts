/** Writers of values without parts: a token of JSON text → bytes of a datum. */
import { type ByteSink, Constant } from '../../base/bytes/byte-sink.ts';
import { plainBytes, specialBytes, wordBytes } from '../../base/bytes/word32.ts';
import { nearest } from '../../base/nearest.ts';
import type { JsonStyle } from '../compiled-schema.ts';
import { beyondJsonNumber } from './float-text.ts';
import { logicalWriter } from './logical/write-logical.ts';
import { safeDigits, type TextCursor } from './text-cursor.ts';
import type { EnumType, FixedType, PrimitiveType } from './types.ts';
import { shownLogical } from './union-rule.ts';
import { appendInteger, appendWhole, hasBits } from './varint.ts';
import { misfit } from './wanted.ts';

/** Takes one value from the text and appends its bytes. */
export type Writer = (from: TextCursor, sink: ByteSink) => void;

const bits = { int: 32, long: 64 } as const;
const powersOfTen = Array.from({ length: 16 }, (_, digits) => 10 ** digits);
/** Lengths below this one take one byte. */
const oneByteLength = 64;
const quote = 34;
const [wordNull, wordTrue, wordFalse] = ['null', 'true', 'false'].map((word) => new Constant(word)) as [
  Constant,
  Constant,
  Constant,
];

export function scalarWriter(type: PrimitiveType | FixedType, style: JsonStyle): Writer {
  const logical = shownLogical(type, style);
  if (logical) return logicalWriter(type, logical);
  switch (type.kind) {
    case 'null':
      return (from) => {
        if (from.kind() !== 'null' || !from.takesBytes(wordNull)) misfit(from, 'null');
      };
    case 'boolean':
      return writeBoolean;
    case 'int':
    case 'long': {
      const { kind } = type;
      return (from, sink) => writeWhole(from, sink, kind);
    }
    case 'float':
    case 'double':
      return floatingWriter(type.kind === 'float');
    case 'string':
      return writeString;
    case 'bytes':
      return (from, sink) => {
        const bytes = takeBytes(from, type, style);
        appendInteger(sink, bytes.length);
        sink.copy(bytes, 0, bytes.length);
      };
    case 'fixed':
      return (from, sink) => {
        const begin = from.next();
        const bytes = takeBytes(from, type, style);
        if (bytes.length !== type.size) misfit(from, `${type.name}, ${type.size} bytes; these are ${bytes.length}`, begin);
        sink.copy(bytes, 0, bytes.length);
      };
  }
}

function writeBoolean(from: TextCursor, sink: ByteSink): void {
  if (from.kind() !== 'boolean') misfit(from, 'boolean');
  if (from.takesBytes(wordTrue)) sink.byte(1);
  else if (from.takesBytes(wordFalse)) sink.byte(0);
  else from.fail('is no JSON');
}

/** Appends a number without fraction as an int or long. */
function writeWhole(from: TextCursor, sink: ByteSink, kind: 'int' | 'long'): void {
  if (from.kind() !== 'number') misfit(from, kind);
  const begin = from.scanNumber();
  const value = from.whole(begin);
  if (value === undefined) misfit(from, `${kind}, a number without fraction`, begin);
  if (!hasBits(value, bits[kind])) misfit(from, `${kind}, a number of ${bits[kind]} bits`, begin);
  appendWhole(sink, value);
}

function floatingWriter(isNarrow: boolean): Writer {
  const wanted = isNarrow ? 'float' : 'double';
  return (from, sink) => {
    const kind = from.kind();
    const begin = from.at;
    let value: number | undefined;
    if (kind === 'number') {
      value = takeDouble(from);
      if (isNarrow) value = Math.fround(value);
      if (!Number.isFinite(value)) misfit(from, `${wanted}, which cannot hold it`, begin);
    } else {
      value = kind === 'string' ? beyondJsonNumber(from.takeString()) : undefined;
      if (value === undefined) return misfit(from, wanted, begin);
    }
    const size = isNarrow ? 4 : 8;
    sink.ensure(size);
    if (isNarrow) sink.view.setFloat32(sink.length, value, true);
    else sink.view.setFloat64(sink.length, value, true);
    sink.length += size;
  };
}

/** The number that comes next. */
function takeDouble(from: TextCursor): number {
  const begin = from.scanNumber();
  const { at, point } = from;
  if (at - begin <= safeDigits) {
    // Both are exact, so their quotient is the double that is nearest, as Number would find it.
    if (point !== 0) return from.digits(begin) / powersOfTen[at - point - 1]!;
    if (from.isWhole) return from.digits(begin);
  }
  return Number(from.numberText(begin));
}

function writeString(from: TextCursor, sink: ByteSink): void {
  if (from.kind() !== 'string') misfit(from, 'string');
  appendTextToken(from, sink);
}

/** Appends the string that comes next: its length and its UTF-8. */
export function appendTextToken(from: TextCursor, sink: ByteSink): void {
  if (appendShortText(from, sink)) return;
  const begin = from.at;
  from.scanString();
  const { buf, start, stop } = from;
  if (!from.hasEscapes) {
    appendInteger(sink, stop - start);
    sink.copy(buf, start, stop);
    return;
  }
  const content = from.string();
  if (/\p{Surrogate}/u.test(content)) misfit(from, 'string; half a surrogate pair is no character', begin);
  appendInteger(sink, Buffer.byteLength(content));
  sink.utf8(content);
}

/** The same in one pass for a short string of ASCII without escapes; false, with nothing passed or appended, for any other. */
function appendShortText(from: TextCursor, sink: ByteSink): boolean {
  const { buf, view } = from;
  const start = from.at + 1;
  if (buf[start - 1] !== quote) return false;
  sink.ensure(1 + oneByteLength);
  const { view: to, length } = sink;
  for (let done = 0; done < oneByteLength; done += wordBytes) {
    const word = view.getInt32(start + done, true);
    to.setInt32(length + 1 + done, word, true);
    const special = specialBytes(word);
    if (special === 0) continue;
    const size = done + plainBytes(special);
    if (buf[start + size] !== quote) return false;
    to.setUint8(length, size * 2);
    sink.length = length + 1 + size;
    from.at = start + size + 1;
    return true;
  }
  return false;
}

/** The bytes that a string says: in base64, or one for each character in Avro's own JSON. */
function takeBytes(from: TextCursor, type: PrimitiveType | FixedType, style: JsonStyle): Buffer {
  const begin = from.next();
  const name = type.kind === 'fixed' ? type.name : type.kind;
  if (from.kind() !== 'string')
    return misfit(from, `${name}, ${style.avroJson ? 'a string with a character for each byte' : 'base64'}`);
  const text = from.takeString();
  if (style.avroJson) {
    if (/[^\u0000-\u00ff]/.test(text)) misfit(from, `${name}, characters up to U+00FF`, begin);
    return Buffer.from(text, 'latin1');
  }
  const bytes = Buffer.from(text, 'base64');
  // Buffer stops silently at what it cannot read. Padding may be left out.
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/={0,2}$/, '')) misfit(from, `${name} in base64`, begin);
  return bytes;
}

/** Bytes that are a message's only type, and stand without their length. */
export function restWriter(type: PrimitiveType, style: JsonStyle): Writer {
  const write = scalarWriter(type, style);
  return (from, sink) => {
    const begin = sink.length;
    write(from, sink);
    let content = begin;
    while (sink.buf[content]! >= 0x80) content++;
    sink.buf.copyWithin(begin, content + 1, sink.length);
    sink.length -= content + 1 - begin;
  };
}

const fewSymbols = 8;

export function enumWriter(type: EnumType): Writer {
  const indexes = new Map(type.symbols.map((symbol, index) => [symbol, index]));
  const quoted = type.symbols.slice(0, fewSymbols).map((symbol) => new Constant(JSON.stringify(symbol)));
  return (from, sink) => {
    if (from.kind() !== 'string') misfit(from, `a symbol of ${type.name}`);
    const begin = from.at;
    for (let index = 0; index < quoted.length; index++) {
      if (from.takesBytes(quoted[index]!)) return appendInteger(sink, index);
    }
    const symbol = from.takeString();
    const index = indexes.get(symbol);
    if (index === undefined) return misfit(from, `a symbol of ${type.name}${hint(symbol, type.symbols)}`, begin);
    appendInteger(sink, index);
  };
}

function hint(symbol: string, symbols: readonly string[]): string {
  const meant = nearest(symbol, symbols);
  if (meant !== undefined) return ` (did you mean "${meant}"?)`;
  return symbols.length <= fewSymbols ? `: ${symbols.join(', ')}` : '';
}
