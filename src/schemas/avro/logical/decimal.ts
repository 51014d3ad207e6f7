/** Decimals as exact text: a two's complement of any length and a scale ↔ `-1234.567`. */

/** Longer ones would take too long to turn into digits. */
export const longestDecimal = 1024;

/** The big-endian two's complement in `bytes[start, end)`, which is not empty. */
export function unscaledOf(bytes: Buffer, start: number, end: number): bigint {
  const value = BigInt(`0x${bytes.toString('hex', start, end)}`);
  return BigInt.asIntN((end - start) * 8, value);
}

/** The shortest two's complement of a number, or the one of `size` bytes; undefined if it does not fit there. */
export function twosComplement(value: bigint, size?: number): Buffer | undefined {
  const magnitude = value < 0n ? -value - 1n : value;
  const shortest = Math.floor(magnitude === 0n ? 0 : bitLength(magnitude) / 8) + 1;
  const length = size ?? shortest;
  if (shortest > length) return undefined;
  const bits = BigInt.asUintN(length * 8, value);
  return Buffer.from(bits.toString(16).padStart(length * 2, '0'), 'hex');
}

function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0]!, 16)));
}

/** With exactly `scale` digits behind the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** As Java's BigDecimal writes it, whose scale the text tells: `1.230`, `1.23E+5`. */
export function bigDecimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled);
  const exponent = digits.length - 1 - scale;
  if (scale >= 0 && exponent >= -6) return decimalText(unscaled, scale);
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${unscaled < 0n ? '-' : ''}${digits[0]}${fraction}E${exponent < 0 ? '' : '+'}${exponent}`;
}

const decimalPattern = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,10}))?$/;

/** The digits of a decimal text and how many of them stand behind the point (negative: so many zeros follow); undefined if it is none. */
export function parseDecimal(text: string): { readonly unscaled: bigint; readonly scale: number } | undefined {
  const found = text.length <= longestDecimal * 3 ? decimalPattern.exec(text) : null;
  if (!found) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = found as unknown as [string, string, string, string?, string?];
  const digits = BigInt(whole + fraction);
  return { unscaled: sign === '-' ? -digits : digits, scale: fraction.length - Number(exponent) };
}

/** The number as a whole count of 10^-scale; undefined if digits would be lost, or if there would be more than a decimal may have. */
export function rescaled(unscaled: bigint, from: number, to: number): bigint | undefined {
  if (unscaled === 0n || from === to) return unscaled;
  const shift = to - from;
  if (Math.abs(shift) > longestDecimal * 3) return undefined;
  if (shift > 0) return unscaled * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return unscaled % divisor === 0n ? unscaled / divisor : undefined;
}
