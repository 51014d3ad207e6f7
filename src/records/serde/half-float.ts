/** IEEE 754 floats of two bytes, which neither Node 20 nor Buffer know. */

const exponentBits = 0x7c00;
const fractionBits = 0x3ff;

/** The number that these 16 bits are. */
export function readHalf(bits: number): number {
  const exponent = (bits & exponentBits) >> 10;
  const fraction = bits & fractionBits;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The 16 bits of a finite number; undefined if they cannot hold it exactly. */
export function halfOf(value: number): number | undefined {
  const size = Math.abs(value);
  // Below 2^-14 all halves are multiples of 2^-24.
  const power = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const fraction = size / 2 ** (power - 10);
  if (power > 15 || !Number.isInteger(fraction)) return undefined;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  return sign | (fraction < 1024 ? fraction : ((power + 15) << 10) | (fraction - 1024));
}
