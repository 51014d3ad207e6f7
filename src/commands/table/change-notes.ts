/** What `--diff` says of a row besides its new value: how it changed, and what it was. */
import { isUtf8 } from '../../base/bytes/utf8.ts';
import { type ExactJson, exactJsonText, jsonValue } from '../../base/json/exact-json.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import type { Serde } from '../../records/serde/serde.ts';
import type { FieldFormats, FieldSerdes } from '../../records/serde/stream-serdes.ts';
import { StreamSerdes } from '../../records/serde/stream-serdes.ts';
import { makeSerde as stringSerde } from '../../records/serde/string.ts';
import type { RecordNotes } from '../../records/stream.ts';
import type { RowBatch } from '../../records/table/row-batch.ts';

/** @param rows the batch that is being printed knows what the row was */
export async function changeNotes(rows: RowBatch, formats: FieldFormats): Promise<RecordNotes> {
  const defaults = { key: stringSerde(), value: stringSerde(), showsMeaning: true };
  const serdes = await new StreamSerdes(formats, defaults).of(rows.topic);
  const changeOf = ({ valueStart }: RecordView): string =>
    rows.earlier === undefined ? 'added' : valueStart < 0 ? 'removed' : 'changed';
  return {
    lines(record) {
      const { earlier } = rows;
      const was = earlier ? `: was ${wordOf(fieldValue(serdes, earlier).value)}` : '';
      return [{ text: `${changeOf(record)}${was}`, strong: changeOf(record) !== 'changed' }];
    },
    fields(record) {
      const { earlier } = rows;
      return { change: changeOf(record), before: earlier ? earlierFields(serdes, earlier) : null };
    },
  };
}

function earlierFields(serdes: FieldSerdes, earlier: RecordView): Readonly<Record<string, unknown>> {
  const offset = Number.isSafeInteger(earlier.offset) ? earlier.offset : earlier.exactOffset();
  const timestamp = Number.isSafeInteger(earlier.timestamp) ? earlier.timestamp : earlier.exactTimestamp();
  return { ...fieldValue(serdes, earlier), partition: earlier.partition, offset, timestamp };
}

interface FieldValue {
  readonly value: unknown;
  /** As in the JSON line of a record; absent for plain text. */
  readonly valueEncoding?: string;
}

/** A value as a record's JSON line has it. */
function fieldValue({ value: serde, at }: FieldSerdes, record: RecordView): FieldValue {
  at?.(record);
  const { bytes, valueStart, valueEnd } = record;
  const text = shownText(serde, bytes, valueStart, valueEnd);
  const value = text !== undefined && serde.kind === 'json' ? jsonValue(text) : text;
  if (value !== undefined) return { value, valueEncoding: serde.name };
  if (isUtf8(bytes, valueStart, valueEnd)) return { value: bytes.toString('utf8', valueStart, valueEnd) };
  return { value: bytes.toString('base64', valueStart, valueEnd), valueEncoding: 'base64' };
}

/** The text that a format makes of the bytes; undefined where they are plain text, or no value of the format. */
function shownText({ name, kind, text, isPlain }: Serde, bytes: Buffer, start: number, end: number): string | undefined {
  if (isPlain?.(start, end)) return undefined;
  if (text) return text(bytes, start, end);
  return kind === 'json' && name === 'json' ? bytes.toString('utf8', start, end) : undefined;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : exactJsonText(value as ExactJson);
}
