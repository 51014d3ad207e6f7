/** Serde `uuid`: sixteen bytes. The text of a UUID, which is what Kafka's UUIDSerializer writes, is left as it is. */
import type { Serde } from './serde.ts';

const width = 16;
const textWidth = 36;
const shape = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

function text(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start !== width) return undefined;
  return bytes.toString('hex', start, start + width).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const serde: Serde = {
  name: 'uuid',
  kind: 'text',
  text,
  isPlain: (start, end) => end - start === textWidth,
  decode: (bytes, start, end) => (end - start === textWidth ? bytes.toString('utf8', start, end) : text(bytes, start, end)),
  encode: (written) => (shape.test(written) ? Buffer.from(written.replaceAll('-', ''), 'hex') : undefined),
  takes: 'a UUID such as 123e4567-e89b-12d3-a456-426614174000, written as 16 bytes',
};

export const makeSerde = (): Serde => serde;
