/** Serde `uuid`: sixteen bytes. The text of a UUID, which is what Kafka's UUIDSerializer writes, is left as it is. */
import { isUuid, uuidBytes, uuidText } from '../../base/bytes/uuid.ts';
import type { Serde } from './serde.ts';

const width = 16;
const textWidth = 36;

function text(bytes: Buffer, start: number, end: number): string | undefined {
  return end - start === width ? uuidText(bytes, start) : undefined;
}

const serde: Serde = {
  name: 'uuid',
  kind: 'text',
  text,
  isPlain: (start, end) => end - start === textWidth,
  decode: (bytes, start, end) => (end - start === textWidth ? bytes.toString('utf8', start, end) : text(bytes, start, end)),
  encode: (written) => (isUuid(written) ? uuidBytes(written) : undefined),
  takes: 'a UUID such as 123e4567-e89b-12d3-a456-426614174000, written as 16 bytes',
};

export const makeSerde = (): Serde => serde;
