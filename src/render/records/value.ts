/** Styles `value` and `raw`: values alone. */
import { visibleLines } from '../escape.ts';
import type { ByteSink } from './byte-sink.ts';
import { type FieldCodec, plainText } from './codecs.ts';
import type { AppendRecord } from './format.ts';
import { textField } from './text-field.ts';

const lineFeed = 10;

/** Compiles style `value`: a value and a line feed; a null value is an empty line, as kcat prints it. */
export function valueFormat(codec: FieldCodec, sink: ByteSink, terminal: boolean): AppendRecord {
  const append = textField(codec, sink, terminal ? visibleLines : undefined);
  return (record) => {
    append(record.bytes, record.valueStart, record.valueEnd);
    sink.byte(lineFeed);
  };
}

/** Compiles style `raw`: the bytes of values, with nothing between them. A terminal gets them harmless all the same. */
export function rawFormat(sink: ByteSink, terminal: boolean): AppendRecord {
  const append = textField(plainText, sink, terminal ? visibleLines : undefined);
  return (record) => append(record.bytes, record.valueStart, record.valueEnd);
}
