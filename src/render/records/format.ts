/** From a record format to the function that appends one record. */
import type { RecordFormat, RecordView } from '../../kafka/records/record.ts';
import type { ByteSink } from './byte-sink.ts';
import type { RecordOutput } from './index.ts';

/** Appends one record to the sink it was compiled for. */
export type AppendRecord = (record: RecordView) => void;

const lineFeed = 10;

/** Compiles a format, once per stream. */
export async function compileFormat(_format: RecordFormat, sink: ByteSink, _out: RecordOutput): Promise<AppendRecord> {
  return (record) => {
    sink.copy(record.bytes, record.valueStart, record.valueEnd);
    sink.byte(lineFeed);
  };
}
