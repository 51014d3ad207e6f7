/**
 * CRC-32C (Castagnoli), Kafka's checksum over a record batch, computed by WebAssembly functions that are assembled here at first use.
 *
 * A message is first folded into a short one with the same remainder. The polynomial divides sparse polynomials 1 + x^a + x^b + x^c + x^d + x^e,
 * so a word can be dropped if its bits are added to five words behind it. Folding needs no table, and no step waits for the one before;
 * only the short message goes through the table look-ups of slice-by-8.
 */

/** x^0 … x^31 from the highest bit down, as reflected CRCs count. */
const POLYNOMIAL = 0x82f63b78;
const WORD = 8;

/**
 * How many bytes behind a word its bits are added: the exponents of the shortest multiple with six terms, found by search. Exponents
 * count bits; but a multiple squared is a multiple with doubled exponents, so eight times each serves as well: the same distances in bytes.
 */
const DISTANCES = [65, 155, 170, 195, 209] as const;
const FURTHEST = 209;
/** How much of a message is left after folding, in bytes: whole words up to the furthest distance. */
const LEFT = 216;
/** From this length on folding is faster (measured on Node 20 and Bun 1.4). */
const FOLD_FROM = 512;

/**
 * The module's memory: 8 tables of 1 KiB, what folding leaves, then the bytes to read. Folding also reads up to the furthest distance before
 * these bytes, where there must be zeros.
 */
const REST = 8192;
const DATA = 16384;
const CHUNK = 65536;

/** The parts of WebAssembly used here: its types come only with a browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: object };
};

interface Kernel {
  readonly table: Int32Array;
  readonly words: Int32Array;
  readonly data: Uint8Array;
  /** The state `crc` after the bytes from `at` to `end`, a multiple of 8 bytes. */
  readonly look: (crc: number, at: number, end: number) => number;
  /** Folds the words from `at` to `end` into those behind `end`, which it moves to REST. */
  readonly fold: (at: number, end: number) => void;
}

let kernel: Kernel | undefined;

/** Makes what checksums need, a millisecond or two: where there is time to wait, the first one is sooner there. */
export function prepareChecksums(): void {
  kernel ??= assemble();
}

/** The checksum of bytes `start` (inclusive) to `end` (exclusive), as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  kernel ??= assemble();
  const { data } = kernel;
  let crc = -1;
  for (let at = start; at < end; ) {
    const size = Math.min(CHUNK, end - at);
    data.set(size === bytes.length ? bytes : bytes.subarray(at, at + size));
    at += size;
    crc = afterData(kernel, crc, size);
  }
  return ~crc >>> 0;
}

/** The state `crc` after the first `size` bytes of `data`, which are changed. */
function afterData({ table, words, data, look, fold }: Kernel, crc: number, size: number): number {
  const whole = size & -WORD;
  if (whole < FOLD_FROM) crc = look(crc, DATA, DATA + whole);
  else {
    words[DATA / 4]! ^= crc;
    fold(DATA, DATA + whole - LEFT);
    crc = look(0, REST, REST + LEFT);
  }
  for (let last = whole; last < size; last++) crc = (crc >>> 8) ^ table[(crc ^ data[last]!) & 255]!;
  return crc;
}

function assemble(): Kernel {
  const exports = instantiate([
    [lookType, lookLoop()],
    [foldType, foldLoop()],
  ]);
  const { m, f0, f1 } = exports as { m: { buffer: ArrayBuffer }; f0: Kernel['look']; f1: Kernel['fold'] };
  const words = new Int32Array(m.buffer);
  const table = words.subarray(0, 8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    table[byte] = crc;
  }
  for (let at = 256; at < 8 * 256; at++) table[at] = (table[at - 256]! >>> 8) ^ table[table[at - 256]! & 255]!;
  return { table, words, data: new Uint8Array(m.buffer, DATA, CHUNK), look: f0, fold: f1 };
}

/** LEB128, WebAssembly's encoding of numbers; a sign bit is kept clear so that it reads the same signed. */
function leb(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

const op = {
  end: 0x0b,
  loop: 0x03,
  block: 0x02,
  void: 0x40,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
} as const;
const i32 = {
  load: 0x28,
  const: 0x41,
  geU: 0x4f,
  ltU: 0x49,
  add: 0x6a,
  sub: 0x6b,
  and: 0x71,
  xor: 0x73,
  shl: 0x74,
  shrU: 0x76,
} as const;
const i64 = { load: 0x29, store: 0x37, const: 0x42, xor: 0x85 } as const;

/** `(crc, at, end) => crc` and `(at, end) => void`, all of them i32. */
const lookType = 0;
const foldType = 1;

/** Repeats `body` with local `at` a word further each time, while it is below local `end`. */
function wordByWord(at: number, end: number, body: readonly number[]): number[] {
  const enter = [op.block, op.void, op.get, at, op.get, end, i32.geU, op.branchIf, 0, op.loop, op.void];
  return [
    ...enter,
    ...body,
    op.get,
    at,
    i32.const,
    WORD,
    i32.add,
    op.tee,
    at,
    op.get,
    end,
    i32.ltU,
    op.branchIf,
    0,
    op.end,
    op.end,
  ];
}

/** Slice-by-8. Locals: 0 the state, 1 at, 2 end, 3 the second half of the eight bytes at hand. */
function lookLoop(): number[] {
  const body: number[] = [op.get, 0, op.get, 1, i32.load, 0, 0, i32.xor, op.set, 0, op.get, 1, i32.load, 0, 4, op.set, 3];
  for (let byte = 0; byte < WORD; byte++) {
    const shift = 8 * (byte & 3) - 2;
    body.push(op.get, byte < 4 ? 0 : 3, i32.const, Math.abs(shift), shift < 0 ? i32.shl : i32.shrU);
    body.push(i32.const, ...leb(0x3fc), i32.and, i32.load, 2, ...leb((7 - byte) * 1024));
    if (byte > 0) body.push(i32.xor);
  }
  return [1, 1, 0x7f, ...wordByWord(1, 2, [...body, op.set, 0]), op.get, 0, op.end];
}

/**
 * Folds each word before `end`, once everything has been added to it. The words from `end` on are completed while they are moved to REST;
 * zeros take their place, since they are not folded themselves.
 * Locals: 0 at and 1 end, both less the furthest distance, because addresses take only positive offsets; 2 at in REST, 3 its end.
 */
function foldLoop(): number[] {
  const sum = [op.get, 0, i64.load, 0, ...leb(FURTHEST)];
  for (const distance of DISTANCES) sum.push(op.get, 0, i64.load, 0, ...leb(FURTHEST - distance), i64.xor);
  const less = (local: number) => [op.get, local, i32.const, ...leb(FURTHEST), i32.sub, op.set, local];
  const fold = [op.get, 0, ...sum, i64.store, 0, ...leb(FURTHEST)];
  const move = [op.get, 2, ...sum, i64.store, 0, 0, op.get, 0, i64.const, 0, i64.store, 0, ...leb(FURTHEST)];
  const next = [op.get, 0, i32.const, WORD, i32.add, op.set, 0];
  const code = [1, 2, 0x7f, ...less(0), ...less(1), ...wordByWord(0, 1, fold)];
  code.push(i32.const, ...leb(REST), op.set, 2, i32.const, ...leb(REST + LEFT), op.set, 3);
  return [...code, ...wordByWord(2, 3, [...move, ...next]), op.end];
}

/** A module that exports its memory as `m`, and these functions as `f0`, `f1`, …. */
function instantiate(functions: readonly (readonly [type: number, body: readonly number[]])[]): object {
  const section = (id: number, content: readonly number[]) => [id, ...leb(content.length), ...content];
  const vector = (items: readonly (readonly number[])[]) => [...leb(items.length), ...items.flat()];
  const named = (letter: string) => [letter.length, ...Buffer.from(letter)];
  const bytes = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const types = [
    [0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7f],
    [0x60, 2, 0x7f, 0x7f, 0],
  ];
  bytes.push(...section(1, vector(types)));
  bytes.push(...section(3, vector(functions.map(([type]) => [type]))));
  bytes.push(...section(5, vector([[0x00, Math.ceil((DATA + CHUNK) / 65536)]])));
  bytes.push(...section(7, vector([[...named('m'), 2, 0], ...functions.map((_, index) => [...named(`f${index}`), 0, index])])));
  bytes.push(...section(10, vector(functions.map(([, body]) => [...leb(body.length), ...body]))));
  return new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
}
