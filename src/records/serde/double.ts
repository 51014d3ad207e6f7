/** Serde `double`: eight bytes, big-endian IEEE 754, as Kafka's DoubleSerializer writes them. */
import type { Serde } from './serde.ts';

const width = 8;
/** The NaN that every language writes; other NaNs carry bits that the word does not. */
const quietNan = 0x7ff8000000000000n;
const number = /^-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)$|^NaN$/;

function decode(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start !== width) return undefined;
  const value = bytes.readDoubleBE(start);
  return Number.isNaN(value) && bytes.readBigUInt64BE(start) !== quietNan ? undefined : value;
}

const serde: Serde = {
  name: 'double',
  kind: 'text',
  text(bytes, start, end) {
    const value = decode(bytes, start, end);
    return value === undefined ? undefined : Object.is(value, -0) ? '-0' : String(value);
  },
  decode,
  encode(text) {
    const value = Number(text);
    const isTooLarge = !Number.isFinite(value) && !/[IN]/.test(text);
    const isTooSmall = value === 0 && /[1-9]/.test(text.replace(/e.*$/i, ''));
    if (!number.test(text) || isTooLarge || isTooSmall) return undefined;
    const bytes = Buffer.alloc(width);
    if (Number.isNaN(value)) bytes.writeBigUInt64BE(quietNan);
    else bytes.writeDoubleBE(value);
    return bytes;
  },
  takes: 'a decimal number that a double can hold (the nearest double is written), NaN, Infinity or -Infinity',
};

export const makeSerde = (): Serde => serde;
