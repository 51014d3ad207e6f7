/** Style `csv`: a record a line, in columns (RFC 4180). */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import type { RecordColumn } from '../../records/columns.ts';
import type { Serde } from '../../records/serde/serde.ts';
import type { FieldSerdes } from '../../records/serde/stream-serdes.ts';
import { csvLine } from '../csv.ts';
import { visibleLines } from '../escape.ts';
import { appendCsvField } from './csv-field.ts';
import { headerList } from './json.ts';
import { JsonColumns } from './json-column.ts';
import { appendOffset, appendTimestamp } from './numbers.ts';
import type { AppendRecord } from './output.ts';
import { textField } from './text-field.ts';

const comma = 44;
const lineEnd = '\r\n';
const scratchBytes = 4096;

/** The names of the columns, as the first line. */
export function csvHeader(columns: readonly RecordColumn[]): string {
  return csvLine(columns.map(({ name }) => name));
}

/** Compiles style `csv`. A null key, value or field is an empty field, empty text a quoted one. */
export function csvFormat(
  columns: readonly RecordColumn[],
  serdes: Pick<FieldSerdes, 'key' | 'value'>,
  sink: ByteSink,
  terminal: boolean,
): AppendRecord {
  const json = { key: new JsonColumns(serdes.key, sink), value: new JsonColumns(serdes.value, sink) };
  const fields = columns.map((column) => columnOf(column, serdes, json, sink));
  return (record) => {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
    const start = sink.length;
    json.key.at(bytes, keyStart, keyEnd);
    json.value.at(bytes, valueStart, valueEnd);
    for (let index = 0; index < fields.length; index++) {
      if (index > 0) sink.byte(comma);
      fields[index]!(record);
    }
    if (terminal) makeHarmless(sink, start);
    else sink.ascii(lineEnd);
  };
}

/** Escapes what could act on a terminal, which needs no carriage return either. */
function makeHarmless(sink: ByteSink, start: number): void {
  const text = visibleLines(sink.buf.toString('utf8', start, sink.length));
  sink.length = start;
  sink.utf8(`${text}\n`);
}

function columnOf(
  { part, path }: RecordColumn,
  serdes: Pick<FieldSerdes, 'key' | 'value'>,
  json: Readonly<Record<'key' | 'value', JsonColumns>>,
  sink: ByteSink,
): AppendRecord {
  switch (part) {
    case 'topic':
      return topicField(sink);
    case 'partition':
      return (record) => sink.number(record.partition);
    case 'offset':
      return (record) => appendOffset(sink, record);
    case 'timestamp':
      return (record) => appendTimestamp(sink, record);
    case 'timestampType':
      return (record) => sink.ascii(record.timestampType);
    case 'headers':
      return path.length === 0 ? allHeaders(sink) : oneHeader(path[0]!, sink);
    default:
      return path.length === 0 ? wholeField(part, serdes[part], sink) : json[part].column(path);
  }
}

function topicField(sink: ByteSink): AppendRecord {
  let topic: string | undefined;
  let name: Buffer = Buffer.alloc(0);
  return (record) => {
    if (record.topic !== topic) {
      topic = record.topic;
      name = Buffer.from(topic);
    }
    appendCsvField(sink, name, 0, name.length);
  };
}

/** A key or value: its bytes, or the text that its format makes of them. */
function wholeField(part: 'key' | 'value', serde: Serde, sink: ByteSink): AppendRecord {
  const isKey = part === 'key';
  const scratch = new ByteSink(scratchBytes);
  const text = serde.text === undefined ? undefined : textField(serde, scratch, undefined);
  return (record) => {
    const start = isKey ? record.keyStart : record.valueStart;
    const end = isKey ? record.keyEnd : record.valueEnd;
    if (!text || start < 0) return appendCsvField(sink, record.bytes, start, end);
    scratch.length = 0;
    text(record.bytes, start, end);
    appendCsvField(sink, scratch.buf, 0, scratch.length);
  };
}

/** The list that `-o json` prints. */
function allHeaders(sink: ByteSink): AppendRecord {
  const scratch = new ByteSink(scratchBytes);
  const list = headerList(scratch);
  return (record) => {
    scratch.length = 0;
    list(record);
    appendCsvField(sink, scratch.buf, 0, scratch.length);
  };
}

/** The value of a header; of several of a name the last counts, as with Kafka's `lastHeader`. */
function oneHeader(name: string, sink: ByteSink): AppendRecord {
  const wanted = Buffer.from(name);
  let start = -1;
  let end = -1;
  const look = (bytes: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void => {
    if (keyEnd - keyStart !== wanted.length || wanted.compare(bytes, keyStart, keyEnd) !== 0) return;
    start = valueStart;
    end = valueEnd;
  };
  return (record: RecordView) => {
    start = -1;
    end = -1;
    if (record.headerCount > 0) visitHeaders(record, look);
    appendCsvField(sink, record.bytes, start, end);
  };
}
