/** Bytes damaged at random, as a network, a proxy or an attacker could. */

/** Lengths, counts and versions that ask for too much, or for nothing. */
const numbers = [0, 1, -1, 2, 127, 128, 255, 0x7fff, 0x8000, 0xffff, 0x7fffffff, -0x80000000, 0x40000000, 1_000_000];

/** One to four damages: bits, bytes, whole numbers, varints, cuts, insertions, repetitions. */
export function damaged(given: Buffer, random: () => number): Buffer {
  const below = (count: number) => Math.floor(random() * count);
  let bytes = Buffer.from(given);
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(bytes.length + 1);
    const kind = below(9);
    if (bytes.length === 0 || kind === 0) {
      const noise = Buffer.from(Array.from({ length: below(40) }, () => below(256)));
      bytes = Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
    } else if (kind === 1) bytes = bytes.subarray(0, at);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(8))]);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(at + 1))]);
    else if (at === bytes.length) bytes[at - 1] = below(256);
    else if (kind === 4) bytes[at]! ^= 1 << below(8);
    else if (kind === 5) bytes[at] = below(256);
    else if (kind === 6 && at + 4 <= bytes.length) bytes.writeInt32BE(numbers[below(numbers.length)]! | 0, at);
    else if (kind === 7 && at + 2 <= bytes.length) bytes.writeUInt16BE(numbers[below(numbers.length)]! & 0xffff, at);
    else bytes.fill(0xff, at, Math.min(bytes.length, at + 1 + below(10)));
  }
  return bytes;
}
