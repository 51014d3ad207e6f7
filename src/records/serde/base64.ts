/** Serde `base64`: any bytes in base64 (RFC 4648, section 4). */
import type { Serde } from './serde.ts';

function text(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('base64', start, end);
}

const serde: Serde = {
  name: 'base64',
  kind: 'text',
  text,
  decode: text,
  encode(encoded) {
    const bytes = Buffer.from(encoded, 'base64');
    // Buffer stops silently at what it cannot read. Padding may be left out.
    const withoutPadding = encoded.replace(/={0,2}$/, '');
    return bytes.toString('base64').replace(/=+$/, '') === withoutPadding ? bytes : undefined;
  },
  takes: 'base64 with the characters + and /',
};

export const makeSerde = (): Serde => serde;
