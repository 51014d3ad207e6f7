/** Keys and values of single records as text, for screens: as `tail` decodes them, schemas and Kafka's own topics included. */
import { isJson } from '../../base/bytes/json-text.ts';
import { isUtf8 } from '../../base/bytes/utf8.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import type { Field, Serde } from '../serde/serde.ts';
import { type FieldFormats, type FieldSerdes, StreamSerdes } from '../serde/stream-serdes.ts';
import { makeSerde as stringSerde } from '../serde/string.ts';

export interface FieldText {
  readonly text: string;
  /** `hex` for bytes that are neither text nor of the format. */
  readonly kind: 'text' | 'json' | 'hex' | 'null';
  /** What it was read with: `Order #7`. */
  readonly origin?: string;
}

export interface HeaderText {
  readonly name: string;
  /** Null without a value. */
  readonly value: string | null;
}

/** What stands on a screen for text of no characters, so that it is not taken for nothing. */
export const emptyText = '""';

const nothing: FieldText = { text: 'null', kind: 'null' };

export class FieldTexts {
  readonly #serdes: FieldSerdes;

  private constructor(serdes: FieldSerdes) {
    this.#serdes = serdes;
  }

  static async of(topic: string, formats: FieldFormats): Promise<FieldTexts> {
    const defaults = { key: stringSerde(), value: stringSerde(), showsMeaning: true };
    return new FieldTexts(await new StreamSerdes(formats, defaults).of(topic));
  }

  /** @param most how many bytes are read of text; the rest is left out */
  of(record: RecordView, field: Field, most = Number.POSITIVE_INFINITY): FieldText {
    const start = field === 'key' ? record.keyStart : record.valueStart;
    const end = field === 'key' ? record.keyEnd : record.valueEnd;
    if (start < 0) return nothing;
    this.#serdes.at?.(record);
    const serde = this.#serdes[field];
    const { bytes } = record;
    if (serde.text && !serde.isPlain?.(start, end)) {
      const text = serde.text(bytes, start, end);
      if (text !== undefined) return { text, kind: serde.kind, ...originOf(serde) };
      if (!serde.isElseText) return { text: bytes.toString('hex', start, Math.min(end, start + most)), kind: 'hex' };
    }
    const cut = cutEnd(bytes, start, end, most);
    if (!isUtf8(bytes, start, cut)) return { text: bytes.toString('hex', start, Math.min(end, start + most)), kind: 'hex' };
    const isWhole = cut === end;
    return { text: bytes.toString('utf8', start, cut), kind: isWhole && isJson(bytes, start, end) ? 'json' : 'text' };
  }
}

/** A record's headers in the order written; bytes that are not text in hex. */
export function headerTexts(record: RecordView): readonly HeaderText[] {
  const headers: HeaderText[] = [];
  const text = (bytes: Buffer, start: number, end: number) =>
    bytes.toString(isUtf8(bytes, start, end) ? 'utf8' : 'hex', start, end);
  visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
    headers.push({ name: text(bytes, keyStart, keyEnd), value: valueStart < 0 ? null : text(bytes, valueStart, valueEnd) });
  });
  return headers;
}

function originOf({ origin }: Serde): { origin?: string } {
  const found = origin?.();
  return found ? { origin: found.schemaId === null ? found.type : `${found.type} #${found.schemaId}` } : {};
}

/** At most so many bytes, cut where a character begins. */
function cutEnd(bytes: Buffer, start: number, end: number, most: number): number {
  let cut = Math.min(end, start + most);
  while (cut < end && cut > start && (bytes[cut]! & 0xc0) === 0x80) cut--;
  return cut;
}
