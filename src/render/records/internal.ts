/** Codec `internal`: the records of Kafka's own topics as JSON text. */

import type { RecordView } from '../../kafka/batch/record.ts';
import { InternalRecords, recordTypeOf } from '../../kafka/internals/records.ts';
import type { Coordinator } from '../../kafka/wire/generated/internals.ts';
import { compactJson } from '../json.ts';
import type { FieldCodec } from './codecs.ts';

export interface InternalCodecs {
  readonly key: FieldCodec;
  readonly value: FieldCodec;
  /** Says which record's fields the codecs are given next: its key tells what the value is. */
  at(record: RecordView): void;
}

/** The codecs for the records of one coordinator. */
export function internalCodecs(coordinator: Coordinator): InternalCodecs {
  const records = new InternalRecords(coordinator);
  let recordType: number | undefined;
  const textOf = (fields: unknown): string | undefined => (fields === undefined ? undefined : compactJson(fields));
  return {
    key: {
      name: 'internal',
      textOf: (bytes, start, end) => textOf(records.key(bytes, start, end)),
      recordType: () => recordType,
    },
    value: { name: 'internal', textOf: (bytes, start, end) => textOf(records.value(recordType, bytes, start, end)) },
    at(record) {
      recordType = recordTypeOf(record.bytes, record.keyStart, record.keyEnd);
    },
  };
}
