/**
 * Serde `cbor`: one CBOR data item (RFC 8949), shown as JSON.
 * Encoding takes the shortest form of integers and lengths, and a float's width from its spelling (document.ts). Decoding also takes longer and
 * indefinite forms. Of a tagged item only the item is shown, and bignums (tags 2 and 3) as integers.
 * Own code and no package, because packages lose what is needed to write the same bytes again: 2 and 2.0, widths of floats, the order of keys.
 */
import { type Reader, WireError } from '../../kafka/wire/reader.ts';
import { checkDepth, checkNames, checkText, type DocumentMaker, type FloatWidth, jsonText, utf8Text } from './document.ts';
import { documentSerde } from './document-serde.ts';
import { halfOf, readHalf } from './half-float.ts';
import type { Serde } from './serde.ts';

const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, list: 4, map: 5, tag: 6, simple: 7 } as const;
const simple = { false: 20, true: 21, null: 22, undefined: 23, half: 25, single: 26, double: 27 } as const;
const indefinite = 31;
const endOfIndefinite = 0xff;
const bignum = { positive: 2n, negative: 3n } as const;

class CborReader<T> {
  readonly #from: Reader;
  readonly #make: DocumentMaker<T>;

  constructor(from: Reader, make: DocumentMaker<T>) {
    this.#from = from;
    this.#make = make;
  }

  item(depth: number): T {
    checkDepth(depth);
    const make = this.#make;
    const kind = this.#peek() >> 5;
    if (kind === major.bytes) return make.bytes(this.#string());
    if (kind === major.text) return make.text(this.#textString());
    const initial = this.#byte();
    const info = initial & 31;
    switch (kind) {
      case major.unsigned:
        return make.integer(this.#argument(info));
      case major.negative:
        return make.integer(-1n - this.#argument(info));
      case major.list: {
        const items: T[] = [];
        this.#each(info, () => items.push(this.item(depth + 1)));
        return make.list(items);
      }
      case major.map: {
        const entries: (readonly [string, T])[] = [];
        this.#each(info, () => entries.push([this.#name(depth + 1), this.item(depth + 1)]));
        checkNames(entries);
        return make.map(entries);
      }
      case major.tag:
        return this.#tagged(this.#argument(info), depth + 1);
      default:
        return this.#simple(info);
    }
  }

  #peek(): number {
    const { at, end, bytes } = this.#from;
    if (at >= end) throw new WireError('the end inside an item');
    return bytes[at]!;
  }

  #byte(): number {
    return this.#from.bytes[this.#from.take(1)]!;
  }

  /** The number behind an initial byte: a value, a length or a tag. */
  #argument(info: number): bigint {
    const from = this.#from;
    if (info < 24) return BigInt(info);
    if (info === 24) return BigInt(this.#byte());
    if (info === 25) return BigInt(from.uint16());
    if (info === 26) return BigInt(from.uint32());
    if (info === 27) return BigInt.asUintN(64, from.int64());
    throw new WireError(`additional information ${info}`);
  }

  /** The bytes of a string, in one piece or in several. */
  #string(): Buffer {
    const initial = this.#byte();
    const info = initial & 31;
    if (info !== indefinite) return this.#from.slice(Number(this.#argument(info)));
    const pieces: Buffer[] = [];
    while (this.#peek() !== endOfIndefinite) {
      const piece = this.#byte();
      if (piece >> 5 !== initial >> 5 || (piece & 31) === indefinite) throw new WireError('a piece of another kind');
      pieces.push(this.#from.slice(Number(this.#argument(piece & 31))));
    }
    this.#byte();
    return Buffer.concat(pieces);
  }

  #textString(): string {
    return utf8Text(this.#string());
  }

  #each(info: number, visit: () => void): void {
    if (info === indefinite) {
      while (this.#peek() !== endOfIndefinite) visit();
      this.#byte();
      return;
    }
    // A count that lies ends where the bytes end.
    for (let left = this.#argument(info); left > 0n; left--) visit();
  }

  /** A key's text, or the JSON text of a key of another kind. */
  #name(depth: number): string {
    if (this.#peek() >> 5 === major.text) return this.#textString();
    const text = new CborReader(this.#from, jsonText).item(depth);
    return text.startsWith('"') ? JSON.parse(text) : text;
  }

  #tagged(tag: bigint, depth: number): T {
    if ((tag === bignum.positive || tag === bignum.negative) && this.#peek() >> 5 === major.bytes) {
      const value = BigInt(`0x0${this.#string().toString('hex')}`);
      return this.#make.integer(tag === bignum.positive ? value : -1n - value);
    }
    return this.item(depth);
  }

  #simple(info: number): T {
    const from = this.#from;
    switch (info) {
      case simple.false:
      case simple.true:
        return this.#make.boolean(info === simple.true);
      case simple.null:
      case simple.undefined:
        return this.#make.null();
      case simple.half:
        return this.#make.float(readHalf(from.uint16()), 2);
      case simple.single:
        return this.#make.float(from.bytes.readFloatBE(from.take(4)), 4);
      case simple.double:
        return this.#make.float(from.float64(), 8);
      default:
        throw new WireError(`simple value ${info}`);
    }
  }
}

const uint64End = 1n << 64n;

/** An initial byte and its argument, in the fewest bytes. */
function head(kind: number, argument: number | bigint): Buffer {
  const first = kind << 5;
  if (argument < 24) return Buffer.of(first | Number(argument));
  if (argument < 0x100) return Buffer.of(first | 24, Number(argument));
  const width = argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
  const bytes = Buffer.alloc(1 + width);
  if (width === 8) {
    bytes[0] = first | 27;
    bytes.writeBigUInt64BE(BigInt(argument), 1);
  } else {
    bytes[0] = first | (width === 2 ? 25 : 26);
    bytes.writeUIntBE(Number(argument), 1, width);
  }
  return bytes;
}

function string(kind: number, bytes: Buffer): Buffer {
  return Buffer.concat([head(kind, bytes.length), bytes]);
}

function textString(text: string): Buffer {
  checkText(text);
  return string(major.text, Buffer.from(text));
}

function integer(value: bigint): Buffer {
  const isNegative = value < 0n;
  const argument = isNegative ? -1n - value : value;
  if (argument < uint64End) return head(isNegative ? major.negative : major.unsigned, argument);
  const digits = argument.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return Buffer.concat([head(major.tag, isNegative ? bignum.negative : bignum.positive), string(major.bytes, bytes)]);
}

function float(value: number, width: FloatWidth): Buffer {
  const half = width === 2 ? halfOf(value) : undefined;
  if (half !== undefined) {
    const bytes = Buffer.of((major.simple << 5) | simple.half, 0, 0);
    bytes.writeUInt16BE(half, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(width === 8 ? 9 : 5);
  bytes[0] = (major.simple << 5) | (width === 8 ? simple.double : simple.single);
  if (width === 8) bytes.writeDoubleBE(value, 1);
  else bytes.writeFloatBE(value, 1);
  return bytes;
}

const one = (value: number): Buffer => Buffer.of((major.simple << 5) | value);

const cborBytes: DocumentMaker<Buffer> = {
  null: () => one(simple.null),
  boolean: (value) => one(value ? simple.true : simple.false),
  integer,
  float,
  text: textString,
  bytes: (value) => string(major.bytes, value),
  list: (items) => Buffer.concat([head(major.list, items.length), ...items]),
  map: (entries) =>
    Buffer.concat([head(major.map, entries.length), ...entries.flatMap(([name, item]) => [textString(name), item])]),
};

const serde = documentSerde({
  name: 'cbor',
  takes: 'one JSON value without a name twice in an object',
  read: (from, make) => new CborReader(from, make).item(0),
  bytes: cborBytes,
});

export const makeSerde = (): Serde => serde;
