/** Styles `value` and `raw`: values alone. */

import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { Serde } from '../../records/serde/serde.ts';
import { makeSerde as stringSerde } from '../../records/serde/string.ts';
import { visibleLines } from '../escape.ts';
import type { AppendRecord } from './output.ts';
import { textField } from './text-field.ts';

const lineFeed = 10;

/** Compiles style `value`: a value and a line feed; a null value is an empty line, as kcat prints it. */
export function valueFormat(serde: Serde, sink: ByteSink, terminal: boolean): AppendRecord {
  const append = textField(serde, sink, terminal ? visibleLines : undefined);
  return (record) => {
    append(record.bytes, record.valueStart, record.valueEnd);
    sink.byte(lineFeed);
  };
}

/** Compiles style `raw`: the bytes of values, with nothing between them. On a terminal they are still made harmless. */
export function rawFormat(sink: ByteSink, terminal: boolean): AppendRecord {
  const append = textField(stringSerde(), sink, terminal ? visibleLines : undefined);
  return (record) => append(record.bytes, record.valueStart, record.valueEnd);
}
