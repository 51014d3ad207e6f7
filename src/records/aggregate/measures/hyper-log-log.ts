/**
 * How many different texts, in 16 KiB, with a standard error of 0.8 %: HyperLogLog (Flajolet, Fusy, Gandouet and Meunier 2007), with the
 * estimator of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), which needs no correction for small numbers.
 */

const indexBits = 14;
const registers = 1 << indexBits;
/** How many bits of the 64-bit hash are left to count zeros in. */
const zeroBits = 64 - indexBits;

export class HyperLogLog {
  readonly #registers: Uint8Array;

  /** @param state as `state` gave it */
  constructor(state?: string) {
    this.#registers = state === undefined ? new Uint8Array(registers) : new Uint8Array(Buffer.from(state, 'base64'));
  }

  add(text: string): void {
    const [high, low] = hash64(text);
    const index = high >>> (32 - indexBits);
    const rest = high & (2 ** (32 - indexBits) - 1);
    const zeros = rest === 0 ? 32 - indexBits + Math.clz32(low) : Math.clz32(rest) - indexBits;
    const rank = zeros + 1;
    if (rank > this.#registers[index]!) this.#registers[index] = rank;
  }

  merge(other: HyperLogLog): void {
    for (let at = 0; at < registers; at++) {
      if (other.#registers[at]! > this.#registers[at]!) this.#registers[at] = other.#registers[at]!;
    }
  }

  estimate(): number {
    const counts = new Array<number>(zeroBits + 2).fill(0);
    for (const rank of this.#registers) counts[rank]!++;
    let sum = registers * tau(1 - counts[zeroBits + 1]! / registers);
    for (let rank = zeroBits; rank >= 1; rank--) sum = 0.5 * (sum + counts[rank]!);
    sum += registers * sigma(counts[0]! / registers);
    return Math.round((0.5 / Math.LN2) * (registers / sum) * registers);
  }

  state(): string {
    return Buffer.from(this.#registers).toString('base64');
  }
}

function sigma(of: number): number {
  if (of === 1) return Number.POSITIVE_INFINITY;
  let [x, y, z, before] = [of, 1, of, Number.NaN];
  while (z !== before) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(of: number): number {
  if (of === 0 || of === 1) return 0;
  let [x, y, z, before] = [of, 1, 1 - of, Number.NaN];
  while (z !== before) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}

/** Two halves of a hash of a text's characters, each stirred with MurmurHash3's finalizer. */
function hash64(text: string): readonly [high: number, low: number] {
  let [high, low] = [0x9747b28c, 0x3c6ef372];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x85ebca6b);
    high ^= high >>> 15;
    low = Math.imul(low ^ code, 0xc2b2ae35);
    low ^= low >>> 13;
  }
  return [stirred(high ^ Math.imul(low, 0x27d4eb2f)), stirred(low ^ text.length)];
}

function stirred(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
