/**
 * CRC-32C (Castagnoli), Kafka's checksum over a record batch, computed by a WebAssembly function that is assembled here at first use.
 *
 * Slice-by-8 over four lanes at once: one lane alone waits for its own table look-ups. The lanes' results are joined by
 * multiplying with x^(8·bytes) modulo the polynomial, as zlib's crc32_combine does.
 */

/** x^0 … x^31 from the highest bit down, as reflected CRCs count. */
const POLYNOMIAL = 0x82f63b78;
const LANES = 4;
const LARGE_LANE = 16384;
const SMALL_LANE = 1024;
/** Where things are in the module's memory: 8 tables of 1 KiB, then a state per lane, then the bytes to read. */
const STATE = 8192;
const DATA = 16384;
const CHUNK = LANES * LARGE_LANE;

/** What is used of WebAssembly, whose types come only with a browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: object };
};

interface Kernel {
  readonly table: Int32Array;
  readonly state: Int32Array;
  readonly data: Uint8Array;
  /** Each moves its lanes' states over the bytes from `at` to `end` (of the first lane; a multiple of 8 bytes). */
  readonly one: (at: number, end: number) => void;
  readonly small: (at: number, end: number) => void;
  readonly large: (at: number, end: number) => void;
  readonly smallShift: number;
  readonly largeShift: number;
}

let kernel: Kernel | undefined;

/** The checksum of bytes `start` (inclusive) to `end` (exclusive), as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  kernel ??= assemble();
  const { data, state, table } = kernel;
  let crc = -1;
  for (let at = start; at < end; ) {
    const size = Math.min(CHUNK, end - at);
    data.set(size === bytes.length ? bytes : bytes.subarray(at, at + size));
    at += size;
    let from = 0;
    if (size === CHUNK) {
      crc = lanes(kernel.large, kernel.largeShift, state, crc, DATA, LARGE_LANE);
      from = CHUNK;
    }
    for (; size - from >= LANES * SMALL_LANE; from += LANES * SMALL_LANE) {
      crc = lanes(kernel.small, kernel.smallShift, state, crc, DATA + from, SMALL_LANE);
    }
    const whole = from + ((size - from) & ~7);
    state[0] = crc;
    kernel.one(DATA + from, DATA + whole);
    crc = state[0];
    for (let tail = whole; tail < size; tail++) crc = (crc >>> 8) ^ table[(crc ^ data[tail]!) & 255]!;
  }
  return ~crc >>> 0;
}

/**
 * The checksum of a message after its first part was changed, without reading the rest again: `before` and `after` are that part's
 * checksums, `rest` is how many bytes follow it.
 */
export function crc32cAfterChange(crc: number, before: number, after: number, rest: number): number {
  return (crc ^ multiply(shiftBy(rest), before ^ after)) >>> 0;
}

function lanes(run: Kernel['small'], shift: number, state: Int32Array, crc: number, at: number, lane: number): number {
  state[0] = crc;
  state[1] = state[2] = state[3] = 0;
  run(at, at + lane);
  let joined = state[0];
  for (let next = 1; next < LANES; next++) joined = multiply(shift, joined) ^ state[next]!;
  return joined;
}

/** a · b modulo the polynomial. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 1 << 31; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= b;
    b = (b >>> 1) ^ (b & 1 ? POLYNOMIAL : 0);
  }
  return product;
}

/** x^(8·bytes) modulo the polynomial. */
function shiftBy(bytes: number): number {
  let shift = 1 << 31;
  for (let power = 1 << 23; bytes > 0; bytes >>>= 1, power = multiply(power, power)) {
    if (bytes & 1) shift = multiply(shift, power);
  }
  return shift;
}

function assemble(): Kernel {
  const exports = instantiate([laneLoop(1, 0), laneLoop(LANES, SMALL_LANE), laneLoop(LANES, LARGE_LANE)]);
  const { m, f0, f1, f2 } = exports as Record<'f0' | 'f1' | 'f2', Kernel['one']> & { m: { buffer: ArrayBuffer } };
  const table = new Int32Array(m.buffer, 0, 8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    table[byte] = crc;
  }
  for (let at = 256; at < 8 * 256; at++) table[at] = (table[at - 256]! >>> 8) ^ table[table[at - 256]! & 255]!;
  return {
    table,
    state: new Int32Array(m.buffer, STATE, LANES),
    data: new Uint8Array(m.buffer, DATA, CHUNK),
    one: f0,
    small: f1,
    large: f2,
    smallShift: shiftBy(SMALL_LANE),
    largeShift: shiftBy(LARGE_LANE),
  };
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
  load: 0x28,
} as const;
const i32 = { store: 0x36, const: 0x41, geU: 0x4f, ltU: 0x49, add: 0x6a, and: 0x71, xor: 0x73, shl: 0x74, shrU: 0x76 } as const;

/**
 * The body of `(at, end) => void`: slice-by-8 on `count` lanes that lie `lane` bytes apart. Locals: 0 at, 1 end, 2 and 3 the eight
 * bytes at hand, from 4 on the lanes' states.
 */
function laneLoop(count: number, lane: number): number[] {
  const code: number[] = [1, ...leb(2 + count), 0x7f];
  for (let k = 0; k < count; k++) code.push(i32.const, 0, op.load, 2, ...leb(STATE + 4 * k), op.set, 4 + k);
  code.push(op.block, op.void, op.get, 0, op.get, 1, i32.geU, op.branchIf, 0, op.loop, op.void);
  for (let k = 0; k < count; k++) {
    code.push(op.get, 0, op.load, 0, ...leb(lane * k), op.get, 4 + k, i32.xor, op.set, 2);
    code.push(op.get, 0, op.load, 0, ...leb(lane * k + 4), op.set, 3);
    for (let byte = 0; byte < 8; byte++) {
      const shift = 8 * (byte & 3) - 2;
      code.push(op.get, byte < 4 ? 2 : 3, i32.const, Math.abs(shift), shift < 0 ? i32.shl : i32.shrU);
      code.push(i32.const, ...leb(0x3fc), i32.and, op.load, 2, ...leb((7 - byte) * 1024));
      if (byte > 0) code.push(i32.xor);
    }
    code.push(op.set, 4 + k);
  }
  code.push(op.get, 0, i32.const, 8, i32.add, op.tee, 0, op.get, 1, i32.ltU, op.branchIf, 0, op.end, op.end);
  for (let k = 0; k < count; k++) code.push(i32.const, 0, op.get, 4 + k, i32.store, 2, ...leb(STATE + 4 * k));
  code.push(op.end);
  return code;
}

/** A module that exports its memory as `m`, and these `(i32, i32) => void` functions as `f0`, `f1`, …. */
function instantiate(bodies: readonly number[][]): object {
  const section = (id: number, content: readonly number[]) => [id, ...leb(content.length), ...content];
  const vector = (items: readonly (readonly number[])[]) => [...leb(items.length), ...items.flat()];
  const named = (letter: string) => [letter.length, ...Buffer.from(letter)];
  const bytes = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  bytes.push(...section(1, vector([[0x60, 2, 0x7f, 0x7f, 0]])));
  bytes.push(...section(3, vector(bodies.map(() => [0]))));
  bytes.push(...section(5, vector([[0x00, Math.ceil((DATA + CHUNK) / 65536)]])));
  bytes.push(...section(7, vector([[...named('m'), 2, 0], ...bodies.map((_, index) => [...named(`f${index}`), 0, index])])));
  bytes.push(...section(10, vector(bodies.map((body) => [...leb(body.length), ...body]))));
  return new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
}
