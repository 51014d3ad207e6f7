/**
 * Serde `msgpack`: one MessagePack object (github.com/msgpack/msgpack, spec.md), shown as JSON.
 * Encoding takes the shortest form of integers and lengths, unsigned where possible, and a float's width from its spelling (document.ts).
 * Decoding also takes longer forms. A timestamp (extension -1) is shown as ISO 8601 text, other extensions as the base64 text of their data.
 * Own code and no package, because packages lose what is needed to write the same bytes again: 2 and 2.0, widths of floats, the order of keys.
 */
import { type Reader, WireError } from '../../kafka/wire/reader.ts';
import { checkDepth, checkNames, checkText, type DocumentMaker, type FloatWidth, jsonText, utf8Text } from './document.ts';
import { documentSerde } from './document-serde.ts';
import type { Serde } from './serde.ts';

/** The first bytes of the forms that name a length behind them: of 1, 2 and 4 bytes, from this one on. */
const first = {
  nil: 0xc0,
  false: 0xc2,
  true: 0xc3,
  bin8: 0xc4,
  ext8: 0xc7,
  float32: 0xca,
  float64: 0xcb,
  uint8: 0xcc,
  int8: 0xd0,
  fixext1: 0xd4,
  str8: 0xd9,
  array16: 0xdc,
  map16: 0xde,
} as const;
const fix = { map: 0x80, array: 0x90, str: 0xa0, strEnd: 0xc0, negative: 0xe0 } as const;
const timestampType = -1;

class MsgpackReader<T> {
  readonly #from: Reader;
  readonly #make: DocumentMaker<T>;

  constructor(from: Reader, make: DocumentMaker<T>) {
    this.#from = from;
    this.#make = make;
  }

  object(depth: number): T {
    checkDepth(depth);
    const make = this.#make;
    const from = this.#from;
    const byte = this.#peek();
    if (isStr(byte)) return make.text(this.#str());
    from.take(1);
    if (byte < fix.map) return make.integer(BigInt(byte));
    if (byte < fix.array) return this.#map(byte - fix.map, depth + 1);
    if (byte < fix.str) return this.#array(byte - fix.array, depth + 1);
    if (byte >= fix.negative) return make.integer(BigInt(byte - 0x100));
    switch (byte) {
      case first.nil:
        return make.null();
      case first.false:
      case first.true:
        return make.boolean(byte === first.true);
      case first.bin8:
      case first.bin8 + 1:
      case first.bin8 + 2:
        return make.bytes(from.slice(this.#unsigned(byte - first.bin8)));
      case first.ext8:
      case first.ext8 + 1:
      case first.ext8 + 2:
        return this.#extension(this.#unsigned(byte - first.ext8));
      case first.float32:
        return make.float(from.bytes.readFloatBE(from.take(4)), 4);
      case first.float64:
        return make.float(from.float64(), 8);
      case first.uint8:
      case first.uint8 + 1:
      case first.uint8 + 2:
        return make.integer(BigInt(this.#unsigned(byte - first.uint8)));
      case first.uint8 + 3:
        return make.integer(BigInt.asUintN(64, from.int64()));
      case first.int8:
        return make.integer(BigInt(from.int8()));
      case first.int8 + 1:
        return make.integer(BigInt(from.int16()));
      case first.int8 + 2:
        return make.integer(BigInt(from.int32()));
      case first.int8 + 3:
        return make.integer(from.int64());
      case first.array16:
      case first.array16 + 1:
        return this.#array(this.#unsigned(1 + byte - first.array16), depth + 1);
      case first.map16:
      case first.map16 + 1:
        return this.#map(this.#unsigned(1 + byte - first.map16), depth + 1);
      default:
        if (byte >= first.fixext1 && byte < first.str8) return this.#extension(2 ** (byte - first.fixext1));
        throw new WireError(`first byte ${byte}`);
    }
  }

  #peek(): number {
    const { at, end, bytes } = this.#from;
    if (at >= end) throw new WireError('the end inside an object');
    return bytes[at]!;
  }

  /** An unsigned number of 2^power bytes: 1, 2 or 4. */
  #unsigned(power: number): number {
    const from = this.#from;
    return power === 0 ? from.bytes[from.take(1)]! : power === 1 ? from.uint16() : from.uint32();
  }

  #str(): string {
    const byte = this.#from.bytes[this.#from.take(1)]!;
    return utf8Text(this.#from.slice(byte < fix.strEnd ? byte - fix.str : this.#unsigned(byte - first.str8)));
  }

  #array(count: number, depth: number): T {
    const items: T[] = [];
    // A count that lies ends where the bytes end.
    for (let left = count; left > 0; left--) items.push(this.object(depth));
    return this.#make.list(items);
  }

  #map(count: number, depth: number): T {
    const entries: (readonly [string, T])[] = [];
    for (let left = count; left > 0; left--) entries.push([this.#name(depth), this.object(depth)]);
    checkNames(entries);
    return this.#make.map(entries);
  }

  /** A key's text, or the JSON text of a key of another kind. */
  #name(depth: number): string {
    if (isStr(this.#peek())) return this.#str();
    const text = new MsgpackReader(this.#from, jsonText).object(depth);
    return text.startsWith('"') ? JSON.parse(text) : text;
  }

  #extension(length: number): T {
    const type = this.#from.int8();
    const data = this.#from.slice(length);
    const time = type === timestampType ? timestampText(data) : undefined;
    return time === undefined ? this.#make.bytes(data) : this.#make.text(time);
  }
}

function isStr(byte: number): boolean {
  return (byte >= fix.str && byte < fix.strEnd) || (byte >= first.str8 && byte < first.array16);
}

/** ISO 8601 with nanoseconds where there are any; undefined beyond the years JavaScript knows. */
function timestampText(data: Buffer): string | undefined {
  let seconds: bigint;
  let nanoseconds = 0;
  if (data.length === 4) seconds = BigInt(data.readUInt32BE());
  else if (data.length === 8) {
    const both = data.readBigUInt64BE();
    seconds = both & ((1n << 34n) - 1n);
    nanoseconds = Number(both >> 34n);
  } else if (data.length === 12) {
    nanoseconds = data.readUInt32BE();
    seconds = data.readBigInt64BE(4);
  } else return undefined;
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || nanoseconds > 999_999_999) return undefined;
  const fraction = nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0')}`;
  return date.toISOString().replace('.000Z', `${fraction}Z`);
}

/** A first byte and a big-endian number behind it. */
function numbered(byte: number, width: 1 | 2 | 4 | 8, value: number | bigint): Buffer {
  const bytes = Buffer.alloc(1 + width);
  bytes[0] = byte;
  if (width === 8) bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), 1);
  else bytes.writeUIntBE(Number(BigInt.asUintN(width * 8, BigInt(value))), 1, width);
  return bytes;
}

/** A length in 1, 2 or 4 bytes behind the first byte of that form. */
function lengthed(byte: number, length: number): Buffer {
  if (length < 0x100) return numbered(byte, 1, length);
  return length < 0x1_0000 ? numbered(byte + 1, 2, length) : numbered(byte + 2, 4, length);
}

/** A count in 2 or 4 bytes, as arrays and maps have it when their first byte cannot hold it. */
function counted(fixed: number, byte: number, count: number): Buffer {
  if (count < 16) return Buffer.of(fixed | count);
  return count < 0x1_0000 ? numbered(byte, 2, count) : numbered(byte + 1, 4, count);
}

/** @throws WireError beyond 64 bits */
function integer(value: bigint): Buffer {
  if (value >= 0n) {
    if (value < 0x80n) return Buffer.of(Number(value));
    if (value < 0x100n) return numbered(first.uint8, 1, value);
    if (value < 0x1_0000n) return numbered(first.uint8 + 1, 2, value);
    if (value < 0x1_0000_0000n) return numbered(first.uint8 + 2, 4, value);
    if (value < 1n << 64n) return numbered(first.uint8 + 3, 8, value);
  } else {
    if (value >= -0x20n) return Buffer.of(Number(value) + 0x100);
    if (value >= -0x80n) return numbered(first.int8, 1, value);
    if (value >= -0x8000n) return numbered(first.int8 + 1, 2, value);
    if (value >= -0x8000_0000n) return numbered(first.int8 + 2, 4, value);
    if (value >= -(1n << 63n)) return numbered(first.int8 + 3, 8, value);
  }
  throw new WireError(`${value} is beyond 64 bits`);
}

function float(value: number, width: FloatWidth): Buffer {
  const bytes = Buffer.alloc(width === 8 ? 9 : 5);
  bytes[0] = width === 8 ? first.float64 : first.float32;
  if (width === 8) bytes.writeDoubleBE(value, 1);
  else bytes.writeFloatBE(value, 1);
  return bytes;
}

function str(text: string): Buffer {
  checkText(text);
  const bytes = Buffer.from(text);
  const head = bytes.length < 32 ? Buffer.of(fix.str | bytes.length) : lengthed(first.str8, bytes.length);
  return Buffer.concat([head, bytes]);
}

const msgpackBytes: DocumentMaker<Buffer> = {
  null: () => Buffer.of(first.nil),
  boolean: (value) => Buffer.of(value ? first.true : first.false),
  integer,
  float,
  text: str,
  bytes: (value) => Buffer.concat([lengthed(first.bin8, value.length), value]),
  list: (items) => Buffer.concat([counted(fix.array, first.array16, items.length), ...items]),
  map: (entries) =>
    Buffer.concat([counted(fix.map, first.map16, entries.length), ...entries.flatMap(([name, item]) => [str(name), item])]),
};

const serde = documentSerde({
  name: 'msgpack',
  takes: 'one JSON value without a name twice in an object, integers of at most 64 bits',
  read: (from, make) => new MsgpackReader(from, make).object(0),
  bytes: msgpackBytes,
});

export const makeSerde = (): Serde => serde;
