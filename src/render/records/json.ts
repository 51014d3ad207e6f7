/** Style `json`: one object per line that says everything about a record, so that `kt produce -i json` writes it back byte for byte. */

import { type ByteSink, Constant } from '../../base/bytes/byte-sink.ts';
import { appendJsonString } from '../../base/bytes/json-string.ts';
import { appendJsonText, isJson } from '../../base/bytes/json-text.ts';
import { isUtf8 } from '../../base/bytes/utf8.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import type { SchemaOrigin } from '../../records/schemas/loaded-schema.ts';
import type { Serde } from '../../records/serde/serde.ts';
import { makeSerde as stringSerde } from '../../records/serde/string.ts';
import { visible } from '../escape.ts';
import { takeLines } from './json-lines.ts';
import { encodedPieces, isLarge, jsonStringPieces, jsonTextPieces, type Pieces, textPieces } from './large-field.ts';
import { appendOffset, appendTimestamp } from './numbers.ts';
import type { AppendRecord } from './output.ts';

const nullText = new Constant('null');
const comma = 44;
const quote = 34;

/** Appends `"name":…`, followed by `"nameEncoding":…` if the text is not simply the field's UTF-8. */
type AppendField = (bytes: Buffer, start: number, end: number) => void;

/**
 * How a field looks: plain text is a string without a flag, embedded JSON and other text is flagged with the serde's name. What the serde
 * cannot read is flagged base64, with its record type if that is known; so is decoded JSON that would not encode to the same bytes again.
 * What was read with a schema also names that. Null is null without a flag.
 */
function fieldOf(before: string, name: string, serde: Serde, sink: ByteSink): AppendField {
  const label = new Constant(`${before}"${name}":`);
  const flag = (encoding: string): Constant => new Constant(`,"${name}Encoding":"${encoding}"`);
  const base64Flag = flag('base64');
  const serdeFlag = flag(serde.name);

  function quoted(pieces: Pieces): void {
    sink.byte(quote);
    sink.put(pieces);
    sink.byte(quote);
  }
  function base64(bytes: Buffer, start: number, end: number): void {
    if (isLarge(sink, start, end)) quoted(encodedPieces('base64', bytes, start, end));
    else sink.ascii(`"${bytes.toString('base64', start, end)}"`);
    sink.constant(base64Flag);
  }
  function string(bytes: Buffer, start: number, end: number): void {
    if (isLarge(sink, start, end) && isUtf8(bytes, start, end)) sink.put(jsonStringPieces(bytes, start, end));
    else if (isLarge(sink, start, end) || !appendJsonString(sink, bytes, start, end)) base64(bytes, start, end);
  }
  function jsonOrString(bytes: Buffer, start: number, end: number): void {
    if (isLarge(sink, start, end) && isJson(bytes, start, end)) {
      sink.put(jsonTextPieces(bytes, start, end));
      sink.constant(serdeFlag);
    } else if (!isLarge(sink, start, end) && appendJsonText(sink, bytes, start, end)) sink.constant(serdeFlag);
    else string(bytes, start, end);
  }
  const undecoded = serde.kind === 'json' ? jsonOrString : string;
  const append = schemaField(name, serde, sink, string) ?? (serde.text === undefined ? undecoded : decoded(serde.text));

  function decoded(text: NonNullable<Serde['text']>): AppendField {
    const { kind, isPlain, encode, recordType } = serde;
    return (bytes, start, end) => {
      if (isPlain?.(start, end)) return string(bytes, start, end);
      const pieces = isLarge(sink, start, end) ? textPieces(serde, bytes, start, end) : undefined;
      if (pieces) {
        quoted(pieces);
        sink.constant(serdeFlag);
        return;
      }
      const shown = text(bytes, start, end);
      if (shown === undefined || (kind === 'json' && encode && !isSame(encode(shown), bytes, start, end))) {
        base64(bytes, start, end);
        const type = recordType?.();
        if (type !== undefined) sink.ascii(`,"${name}Type":${type}`);
        return;
      }
      if (kind === 'json') sink.utf8(shown);
      else sink.ascii(`"${shown}"`);
      sink.constant(serdeFlag);
    };
  }
  return (bytes, start, end) => {
    sink.constant(label);
    if (start < 0) sink.constant(nullText);
    else append(bytes, start, end);
  };
}

/** What a schema says is flagged with its format, id and type; undefined for serdes without schemas. */
function schemaField(name: string, { write, origin }: Serde, sink: ByteSink, otherwise: AppendField): AppendField | undefined {
  if (!write || !origin) return undefined;
  const flags = new Map<SchemaOrigin, Constant>();
  return (bytes, start, end) => {
    if (!write(bytes, start, end, sink)) return otherwise(bytes, start, end);
    const source = origin();
    if (!flags.has(source)) flags.set(source, new Constant(originFlags(name, source)));
    sink.constant(flags.get(source)!);
  };
}

/** The format, and which schema and type the field was read with. */
function originFlags(name: string, { format, schemaId, type }: SchemaOrigin): string {
  const id = schemaId === null ? '' : `,"${name}SchemaId":${JSON.stringify(schemaId)}`;
  return `,"${name}Encoding":"${format}"${id},"${name}Type":${JSON.stringify(type)}`;
}

function isSame(encoded: Buffer | undefined, bytes: Buffer, start: number, end: number): boolean {
  return encoded?.compare(bytes, start, end) === 0;
}

const timestampLabel = new Constant(',"timestamp":');
const headersLabels = {
  CreateTime: new Constant(',"timestampType":"CreateTime","headers":['),
  LogAppendTime: new Constant(',"timestampType":"LogAppendTime","headers":['),
};
const recordEnd = new Constant('}\n');
const headerEnd = new Constant('}');

/** Escapes what could act on a terminal in the line that begins at `start`; all of it is inside strings. */
function escapeLine(sink: ByteSink, start: number): void {
  const line = sink.buf.toString('utf8', start, sink.length - 1);
  const escaped = line.replace(/[^ -~]/gu, (character) =>
    visible(character) === character ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped === line) return;
  sink.length = start;
  sink.utf8(`${escaped}\n`);
}

/** Compiles style `json`. On a terminal more characters are escaped; a JSON reader sees no difference. */
export function jsonFormat(keySerde: Serde, valueSerde: Serde, sink: ByteSink, terminal: boolean): AppendRecord {
  const append = lineFormat(keySerde, valueSerde, sink);
  if (!terminal) {
    const isPlain = keySerde === stringSerde() && valueSerde === stringSerde();
    return isPlain ? Object.assign(append, { take: takeLines(sink, lineBeginning) }) : append;
  }
  return (record) => {
    const start = sink.length;
    append(record);
    escapeLine(sink, start);
  };
}

function lineBeginning({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":`;
}

function lineFormat(keySerde: Serde, valueSerde: Serde, sink: ByteSink): AppendRecord {
  const key = fieldOf('],', 'key', keySerde, sink);
  const value = fieldOf(',', 'value', valueSerde, sink);
  const headers = headerItems(sink);
  let topic: string | undefined;
  let partition = -1;
  let beginning = recordEnd;

  return (record) => {
    if (record.partition !== partition || record.topic !== topic) {
      ({ topic, partition } = record);
      beginning = new Constant(lineBeginning(record));
    }
    sink.constant(beginning);
    appendOffset(sink, record);
    sink.constant(timestampLabel);
    appendTimestamp(sink, record);
    sink.constant(headersLabels[record.timestampType]);
    headers(record);
    key(record.bytes, record.keyStart, record.keyEnd);
    value(record.bytes, record.valueStart, record.valueEnd);
    sink.constant(recordEnd);
  };
}

/** Compiles the headers of a record as items of a JSON list, without its brackets. */
function headerItems(sink: ByteSink): AppendRecord {
  const key = fieldOf('{', 'key', stringSerde(), sink);
  const value = fieldOf(',', 'value', stringSerde(), sink);
  let headers = 0;
  const append = (bytes: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void => {
    if (headers++ > 0) sink.byte(comma);
    key(bytes, keyStart, keyEnd);
    value(bytes, valueStart, valueEnd);
    sink.constant(headerEnd);
  };
  return (record) => {
    headers = 0;
    if (record.headerCount > 0) visitHeaders(record, append);
  };
}

/** Compiles the headers of a record as a JSON list. */
export function headerList(sink: ByteSink): AppendRecord {
  const items = headerItems(sink);
  return (record) => {
    sink.ascii('[');
    items(record);
    sink.ascii(']');
  };
}
