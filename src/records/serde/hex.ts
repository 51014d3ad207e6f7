/** Serde `hex`: any bytes as hexadecimal digits. */
import type { Serde } from './serde.ts';

const pairs = /^(?:[\da-f]{2})*$/i;

function text(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('hex', start, end);
}

const serde: Serde = {
  name: 'hex',
  kind: 'text',
  text,
  decode: text,
  encode: (digits) => (pairs.test(digits) ? Buffer.from(digits, 'hex') : undefined),
  takes: 'two hexadecimal digits for each byte, nothing between them',
};

export const makeSerde = (): Serde => serde;
