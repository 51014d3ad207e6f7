/** Serde `int32`: four bytes, big-endian, as Kafka's IntegerSerializer writes them. */
import type { Serde } from './serde.ts';

const width = 4;
/** One spelling for each number, so that text and bytes say the same. */
const wholeNumber = /^(?:0|-?[1-9]\d{0,9})$/;

const serde: Serde = {
  name: 'int32',
  kind: 'text',
  text: (bytes, start, end) => (end - start === width ? String(bytes.readInt32BE(start)) : undefined),
  decode: (bytes, start, end) => (end - start === width ? bytes.readInt32BE(start) : undefined),
  encode(text) {
    const value = Number(text);
    if (!wholeNumber.test(text) || value !== (value | 0)) return undefined;
    const bytes = Buffer.alloc(width);
    bytes.writeInt32BE(value);
    return bytes;
  },
  takes: 'a whole number from -2147483648 to 2147483647, digits only',
};

export const makeSerde = (): Serde => serde;
