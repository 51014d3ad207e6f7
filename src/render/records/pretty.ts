/** Style `pretty`: a record for people, with position, time and key in one line, then headers and value. */

import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { isJson } from '../../base/bytes/json-text.ts';
import { isUtf8 } from '../../base/bytes/utf8.ts';
import { localTime } from '../../base/local-time.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import type { SchemaOrigin } from '../../records/schemas/loaded-schema.ts';
import type { Serde } from '../../records/serde/serde.ts';
import { makeSerde as stringSerde } from '../../records/serde/string.ts';
import { type CloudEvent, cloudEventOf, eventHeaders, isEventHeader } from './cloud-event.ts';
import { hexPieces, isLarge, type Pieces, textPieces, visiblePieces } from './large-field.ts';
import type { AppendRecord, RecordOutput } from './output.ts';
import { Page, type Paint } from './page.ts';
import { type Palette, recordPalette } from './palette.ts';
import { putJson } from './pretty-json.ts';

const indent = 2;
/** How many rows of a terminal a field may take; a pipe gets all of it. */
const most = { key: 2, header: 2, value: 24 };
const mostHeaders = 20;
/** How many bytes are shown of a field that is not text. */
const mostHexBytes = 32;
/** The most bytes of a character: a text cut at rows × columns × this still fills its rows. */
const longestCharacter = 4;

/** Compiles style `pretty`. Nothing in a record can act on a terminal, even if it reaches one through a pipe. */
export async function prettyFormat(
  keySerde: Serde,
  valueSerde: Serde,
  sink: ByteSink,
  out: RecordOutput,
): Promise<AppendRecord> {
  const plain = stringSerde();
  const palette = await recordPalette(out.color);
  const columns = out.terminal ? Math.max(out.columns, 20) : Infinity;
  const page = new Page(columns);
  const field = new Fields(page, palette, columns, out.terminal, sink);
  let headersLeft = 0;
  let event: CloudEvent | undefined;
  const appendHeader = (bytes: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): boolean => {
    if (event && isEventHeader(bytes, keyStart, keyEnd)) return true;
    page.allow(Infinity, indent);
    page.row();
    if (headersLeft-- === 0) return false;
    field.put(plain, bytes, keyStart, keyEnd, most.header, palette.headerName);
    page.put(': ', palette.faint);
    field.put(plain, bytes, valueStart, valueEnd, most.header, undefined);
    return true;
  };
  /** In place of the headers that every event has. */
  const appendEvent = (bytes: Buffer, { type, id, source }: CloudEvent): void => {
    page.allow(Infinity, indent);
    page.row();
    for (const [label, { start, end }, paint] of [
      ['CloudEvent ', type, palette.key],
      ['  id ', id, undefined],
      ['  from ', source, undefined],
    ] as const) {
      page.put(label, palette.faint);
      field.put(plain, bytes, start, end, most.header, paint);
    }
  };
  return (record) => {
    page.allow(Infinity, indent);
    page.put(placeText(record), palette.position);
    page.put(`  ${timeText(record)}  `, palette.faint);
    field.put(keySerde, record.bytes, record.keyStart, record.keyEnd, most.key, palette.key);
    if (record.headerCount > 0) {
      headersLeft = out.terminal ? mostHeaders : Infinity;
      event = cloudEventOf(record);
      if (event) appendEvent(record.bytes, event);
      visitHeaders(record, appendHeader);
      if (headersLeft < 0)
        page.put(
          `… ${record.headerCount - mostHeaders - (event ? eventHeaders : 0)} more headers (-o json shows all)`,
          palette.faint,
        );
    }
    page.allow(Infinity, indent);
    page.row();
    field.put(valueSerde, record.bytes, record.valueStart, record.valueEnd, most.value, undefined, true);
    page.endRow();
    sink.utf8(page.take());
  };
}

/** `orders:3@42`: topic, partition, offset. */
export function placeText(record: RecordView): string {
  const { topic, partition, offset } = record;
  return `${topic}:${partition}@${Number.isSafeInteger(offset) ? offset : record.exactOffset()}`;
}

/** In local time, or what is known in its place. */
export function timeText(record: RecordView): string {
  if (record.timestamp === -1) return 'no timestamp';
  const text = localTime(record.timestamp) ?? String(record.exactTimestamp());
  return record.timestampType === 'LogAppendTime' ? `${text} (append)` : text;
}

/** `shop.Order #7` */
function originText({ type, schemaId }: SchemaOrigin): string {
  return schemaId === null ? type : `${type} #${schemaId}`;
}

/** Puts the fields of records on a page; a large one that goes to a pipe whole is made only when it is written. */
class Fields {
  readonly #page: Page;
  readonly #palette: Palette;
  readonly #columns: number;
  readonly #terminal: boolean;
  readonly #sink: ByteSink;
  /** What the field put last was read with, if a schema said what it is. */
  #origin: SchemaOrigin | undefined;

  /** @param sink where the page goes */
  constructor(page: Page, palette: Palette, columns: number, terminal: boolean, sink: ByteSink) {
    this.#page = page;
    this.#palette = palette;
    this.#columns = columns;
    this.#terminal = terminal;
    this.#sink = sink;
  }

  /** Puts one field; says how many bytes did not fit, and how to see them. */
  put(serde: Serde, bytes: Buffer, start: number, end: number, rows: number, paint: Paint | undefined, isValue = false): void {
    const page = this.#page;
    const { faint } = this.#palette;
    page.allow(this.#terminal ? rows : Infinity, indent);
    if (start < 0) page.put('null', faint);
    else if (start === end) page.put('""', faint);
    else {
      const shown = this.#putBytes(serde, bytes, start, end, rows, paint, isValue);
      const rest = end - start - shown;
      page.allow(Infinity, indent);
      if (this.#origin) page.put(`  ${originText(this.#origin)}`, faint);
      if (rest <= 0) return;
      page.row();
      page.put(
        `… ${rest.toLocaleString('en-US')} more bytes (-o json${isValue && serde.encode ? ' or -o value' : ''} shows all)`,
        faint,
      );
    }
  }

  /** Returns how many bytes fitted. */
  #putBytes(
    serde: Serde,
    bytes: Buffer,
    start: number,
    end: number,
    rows: number,
    paint: Paint | undefined,
    isValue: boolean,
  ): number {
    this.#origin = undefined;
    const large = isLarge(this.#sink, start, end);
    if (serde.text && !serde.isPlain?.(start, end)) {
      const pieces = large ? textPieces(serde, bytes, start, end) : undefined;
      if (pieces) return this.#putLater(pieces, start, end);
      const text = serde.text(bytes, start, end);
      if (text !== undefined) {
        this.#origin = serde.origin?.();
        const taken =
          isValue && serde.kind === 'json' ? putJson(this.#page, text, this.#palette, indent) : this.#page.put(text, paint);
        return Math.floor((taken / text.length) * (end - start));
      }
      if (!serde.isElseText) return this.#putHex(bytes, start, end, serde.recordType?.());
    }
    if (!isUtf8(bytes, start, end)) return this.#putHex(bytes, start, end);
    // JSON in it is not indented.
    if (large) return this.#putLater(visiblePieces(bytes, start, end, isValue ? indent : undefined), start, end);
    const cut = Math.min(end, start + (this.#terminal ? rows * this.#columns * longestCharacter : Infinity));
    const text = bytes.toString('utf8', start, characterStart(bytes, cut, end));
    const taken =
      isValue && isJson(bytes, start, end)
        ? putJson(this.#page, text, this.#palette, indent)
        : this.#putText(text, paint, isValue);
    return taken === text.length ? characterStart(bytes, cut, end) - start : Buffer.byteLength(text.slice(0, taken));
  }

  /** Keeps line breaks inside a value; makes one at its end visible. */
  #putText(text: string, paint: Paint | undefined, isValue: boolean): number {
    if (!isValue) return this.#page.put(text, paint);
    for (let at = 0; ; ) {
      const lineEnd = text.indexOf('\n', at);
      const last = lineEnd < 0 || lineEnd === text.length - 1;
      const line = last ? text.slice(at) : text.slice(at, lineEnd);
      const taken = this.#page.put(line, paint);
      if (last || taken < line.length || !this.#page.row()) return at + taken;
      at = lineEnd + 1;
    }
  }

  #putHex(bytes: Buffer, start: number, end: number, recordType?: number): number {
    const shown = this.#terminal ? Math.min(end, start + mostHexBytes) : end;
    this.#page.allow(Infinity, indent);
    const type = recordType === undefined ? '' : `record type ${recordType}, `;
    this.#page.put(`${type}${(end - start).toLocaleString('en-US')} bytes: `, this.#palette.faint);
    if (isLarge(this.#sink, start, end)) return this.#putLater(hexPieces(bytes, start, end), start, end);
    this.#page.put(bytes.toString('hex', start, shown).replace(/..(?=.)/g, '$& '), this.#palette.jsonWord);
    return shown - start;
  }

  /** Puts a large field behind what is on the page. */
  #putLater(pieces: Pieces, start: number, end: number): number {
    this.#sink.utf8(this.#page.take());
    this.#sink.put(pieces);
    return end - start;
  }
}

/** The last position up to `at` where a character begins. */
function characterStart(bytes: Buffer, at: number, end: number): number {
  let start = at;
  while (start < end && (bytes[start]! & 0xc0) === 0x80) start--;
  return start;
}
