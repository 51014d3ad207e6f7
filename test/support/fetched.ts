/** Records as a consumer fetches them: offsets from 0 in one batch of partition 2. */
import { RecordBatches } from '../../src/kafka/batch/reader.ts';
import { encodeHeaders } from '../../src/kafka/batch/record-headers.ts';
import { BatchWriter } from '../../src/kafka/batch/writer.ts';
import { fieldsOf } from './record-fields.ts';

type Bytes = string | Buffer | null;

export interface Written {
  readonly key?: Bytes;
  readonly value?: Bytes;
  /** Epoch ms. */
  readonly timestamp?: number;
  readonly headers?: readonly (readonly [name: string, value: Bytes])[];
}

function bytesOf(text: Bytes | undefined): Buffer | null {
  return text === null || text === undefined ? null : Buffer.from(text as string);
}

export function fetched(records: readonly Written[], topic = 'orders', partition = 2): RecordBatches {
  const writer = new BatchWriter();
  for (const { key, value, timestamp = 1_700_000_000_000, headers = [] } of records) {
    writer.append({
      ...fieldsOf(bytesOf(key), bytesOf(value)),
      headers:
        headers.length > 0
          ? encodeHeaders(headers.map(([name, text]) => ({ key: Buffer.from(name), value: bytesOf(text) })))
          : undefined,
      timestamp,
    });
  }
  return new RecordBatches({ topic, partition, records: writer.finish('none'), startOffset: 0n });
}
