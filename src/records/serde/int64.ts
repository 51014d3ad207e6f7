/** Serde `int64`: eight bytes, big-endian, as Kafka's LongSerializer writes them. */
import { exactInteger, type Serde } from './serde.ts';

const width = 8;
/** One spelling for each number, so that text and bytes say the same. */
const wholeNumber = /^(?:0|-?[1-9]\d{0,18})$/;

const serde: Serde = {
  name: 'int64',
  kind: 'text',
  text: (bytes, start, end) => (end - start === width ? String(bytes.readBigInt64BE(start)) : undefined),
  decode: (bytes, start, end) => (end - start === width ? exactInteger(bytes.readBigInt64BE(start)) : undefined),
  encode(text) {
    if (!wholeNumber.test(text)) return undefined;
    const value = BigInt(text);
    if (value !== BigInt.asIntN(64, value)) return undefined;
    const bytes = Buffer.alloc(width);
    bytes.writeBigInt64BE(value);
    return bytes;
  },
  takes: 'a whole number from -9223372036854775808 to 9223372036854775807, digits only',
};

export const makeSerde = (): Serde => serde;
