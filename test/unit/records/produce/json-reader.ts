/** The reader of JSON lines with every encoding, as `produce -i json` uses it. */
import { loadWritableSerdes } from '../../../../src/records/produce/encode.ts';
import { type JsonOptions, jsonRecords } from '../../../../src/records/produce/json-records.ts';
import type { ReadPiece } from '../../../../src/records/produce/record-input.ts';
import type { WritableSerdeName } from '../../../../src/records/serde/table.ts';

const [keys, values] = await Promise.all([loadWritableSerdes('key'), loadWritableSerdes('value')]);

export interface JsonReaderOptions extends Partial<Omit<JsonOptions, 'key' | 'value'>> {
  readonly keyFormat?: WritableSerdeName;
  readonly valueFormat?: WritableSerdeName;
}

export function jsonReader({ keyFormat, valueFormat, ...options }: JsonReaderOptions = {}): ReadPiece {
  return jsonRecords({
    partitionFromInput: false,
    topicFromInput: false,
    fixedKey: undefined,
    key: { serdes: keys, format: keyFormat },
    value: { serdes: values, format: valueFormat },
    ...options,
  });
}
