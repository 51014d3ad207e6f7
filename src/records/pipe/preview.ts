/** `pipe --dry-run`: the first records as they would be written; nothing is written, and no group is joined. */
import { isUtf8 } from 'node:buffer';
import type { RecordView } from '../../kafka/batch/record.ts';
import { walkHeaders } from '../../kafka/batch/record-headers.ts';
import { ended, readVarint } from '../../kafka/batch/varint.ts';
import { ViewBytes } from '../../kafka/batch/view-bytes.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { SchemaFormat } from '../schemas/formats.ts';
import type { Field } from '../serde/serde.ts';
import { RecordSource } from '../source/record-source.ts';
import type { ReadEvents } from '../source/request.ts';
import { Destinations } from './destinations.ts';
import type { Origin } from './origins.ts';
import { RecordChange } from './record-change.ts';
import type { PipeRequest } from './request.ts';
import { Route } from './route.ts';

const shownRecords = 10;

/** A record as it would be written, or why it would not: what a schema is for as JSON, other binary data as base64. */
export interface PreviewRecord {
  readonly from: Origin;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly timestamp: number | bigint;
  readonly headers: readonly PreviewHeader[];
  readonly key: string | null;
  readonly keyEncoding?: 'base64' | SchemaFormat;
  readonly value: string | null;
  readonly valueEncoding?: 'base64' | SchemaFormat;
  readonly error?: string;
}

interface PreviewHeader {
  readonly key: string;
  readonly value: string | null;
  readonly valueEncoding?: 'base64';
}

export function isPreview(row: object): row is PreviewRecord {
  return 'from' in row;
}

/** @param source the cluster that is read @param cluster the one that would be written to @throws as the pipe itself */
export async function* previewed(
  source: Cluster,
  cluster: Cluster,
  { read, change, destination }: PipeRequest,
  events: ReadEvents,
): AsyncGenerator<readonly PreviewRecord[]> {
  const destinations = new Destinations(source, cluster, destination);
  await destinations.open();
  const route = new Route(read.filter, new RecordChange(change), destinations, read.maxBatchBytes);
  let left = Math.min(shownRecords, read.maxRecords ?? shownRecords);
  const reader = new RecordSource(source, { ...read, maxRecords: left, group: undefined }, events);
  for await (const batch of reader.batches()) {
    const shown: PreviewRecord[] = [];
    await route.each(batch, (record, failure) => {
      shown.push(failure === undefined ? written(record, route) : failed(record, failure as Error));
      return --left > 0;
    });
    yield shown;
  }
}

function written(record: RecordView, route: Route): PreviewRecord {
  const { topic, partition, bytes } = route;
  const fields = { ...withSchema('key', route), ...withSchema('value', route) };
  return { from: originOf(record), topic, partition, ...contentOf(bytes), ...fields };
}

function withSchema(field: Field, route: Route) {
  const written = route.written(field);
  return written && { [field]: written.json, [`${field}Encoding`]: written.format };
}

function failed(record: RecordView, { message: error }: Error): PreviewRecord {
  return { from: originOf(record), topic: null, partition: null, ...contentOf(new ViewBytes().at(record)), error };
}

function originOf({ topic, partition, offset }: RecordView): Origin {
  return { topic, partition, offset };
}

function contentOf(bytes: ViewBytes) {
  const { key, keyStart, keyEnd, value, valueStart, valueEnd, timestamp } = bytes;
  return {
    timestamp,
    headers: headersOf(bytes),
    ...field('key', key, keyStart, keyEnd),
    ...field('value', value, valueStart, valueEnd),
  };
}

function headersOf({ headers: encoded, headersStart }: ViewBytes): readonly PreviewHeader[] {
  if (encoded === undefined) return [];
  const shown: PreviewHeader[] = [];
  const count = readVarint(encoded, headersStart);
  walkHeaders(encoded, ended.at, encoded.length + 1, count, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
    shown.push({ key: bytes.toString('utf8', keyStart, keyEnd), ...field('value', bytes, valueStart, valueEnd) });
  });
  return shown;
}

type Shown<N extends string> = { readonly [name in N]: string | null } & { readonly [name in `${N}Encoding`]?: 'base64' };

/** A range as text where that is exact, else as base64; a start of -1 is null. */
function field<N extends string>(name: N, bytes: Buffer, start: number, end: number): Shown<N> {
  if (start < 0) return { [name]: null } as Shown<N>;
  const part = bytes.subarray(start, end);
  if (isUtf8(part)) return { [name]: part.toString() } as Shown<N>;
  return { [name]: part.toString('base64'), [`${name}Encoding`]: 'base64' } as Shown<N>;
}
