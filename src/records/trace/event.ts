/** One event of a trace: a record, decoded, with what kind of event it is. */
import type { RecordView } from '../../kafka/batch/record.ts';
import type { CompiledExpression } from '../expression/compile.ts';
import { isLossy } from '../expression/lossy-text.ts';
import type { RecordScope } from '../expression/scope.ts';
import { asText } from '../expression/values.ts';

export interface TraceEvent {
  /** Epoch ms, -1 without one; a bigint where a number does not hold it. */
  readonly timestamp: number | bigint;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number | bigint;
  readonly key: unknown;
  /** How `key` is written where it is no text: base64. */
  readonly keyEncoding: 'base64' | undefined;
  /** Null where the record does not say. */
  readonly type: string | null;
  readonly value: unknown;
  /** How `value` is written where it is no text and no JSON: base64. */
  readonly valueEncoding: 'base64' | undefined;
}

/** @throws what the expression throws for this record */
export function traceEvent(record: RecordView, scope: RecordScope, typeOf: CompiledExpression): TraceEvent {
  const type = typeOf.evaluate(scope);
  const { topic, partition, bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
  const { key, value } = scope;
  const isBinaryKey = key === undefined || isLossy('key', key, record);
  const isBinary = value === undefined || isLossy('value', value, record);
  return {
    timestamp: scope.timestamp as number | bigint,
    topic,
    partition,
    offset: scope.offset as number | bigint,
    key: isBinaryKey ? bytes.toString('base64', keyStart, keyEnd) : key,
    keyEncoding: isBinaryKey ? 'base64' : undefined,
    type: type === undefined || type === null ? null : asText(type),
    value: isBinary ? bytes.toString('base64', valueStart, valueEnd) : value,
    valueEncoding: isBinary ? 'base64' : undefined,
  };
}

/** Older first; at the same time in the order of topics, partitions and offsets. */
export function byTime(a: TraceEvent, b: TraceEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition || (a.offset < b.offset ? -1 : 1);
}

/** `orders:3 at offset 17` */
export function placeText({ topic, partition, offset }: TraceEvent): string {
  return `${topic}:${partition} at offset ${offset}`;
}
