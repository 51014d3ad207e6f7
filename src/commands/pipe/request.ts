/** What `pipe`'s options ask for together. */
import { namePattern } from '../../base/name-pattern.ts';
import type { Context } from '../../context.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { PipeRequest } from '../../records/pipe/request.ts';
import { deliveryOf } from '../produce/delivery.ts';
import { type FieldReading, fieldReading } from '../reading/field-reading.ts';
import { expressions, looksInside, selectionRequest } from '../reading/selection.ts';
import { type Ends, endsOf, isBounded, refuseContradictions, refuseLoops } from './checks.ts';
import type { PipeOptions } from './options.ts';

/** A pipe before it touches a cluster. */
export interface Planned {
  readonly ends: Ends;
  readonly reading: FieldReading;
  readonly request: Omit<PipeRequest, 'destination'>;
}

/** @throws KtError `usage` for options that contradict each other, and expressions that are wrong */
export async function planOf(context: Context, topics: readonly string[], options: PipeOptions): Promise<Planned> {
  refuseContradictions(options);
  const ends = endsOf(topics, options);
  const { group, sessionTimeout: sessionTimeoutMs, map, rekey, setHeader } = options;
  const evaluates = map !== undefined || rekey !== undefined || setHeader.length > 0;
  const reading = await fieldReading(context, options, { showsMeaning: false, looksInside: looksInside(options) || evaluates });
  const [mapped, rekeyed, headers] = await Promise.all([
    expressions('--map', map === undefined ? [] : [map]),
    expressions('--rekey', rekey === undefined ? [] : [rekey]),
    Promise.all(
      setHeader.map(async ([name, source]) => ({ name, value: (await expressions(`--set-header ${name}`, [source]))[0]! })),
    ),
  ]);
  const { keyFormat, valueFormat, schemas } = reading;
  const request = {
    read: await selectionRequest(ends.sources, options, reading, { at: 'end' }, true),
    group: group === undefined ? undefined : { id: group, sessionTimeoutMs },
    exactlyOnce: options.exactlyOnce,
    change: {
      map: mapped[0],
      mapsRecord: options.mapRecord,
      rekey: rekeyed[0],
      setHeaders: headers,
      dropHeaders: options.dropHeader,
      formats: { keyFormat, valueFormat, schemas, maxBatchBytes: options.maxBatchBytes },
    },
    deadLetter: options.deadLetter,
    recordsPerSecond: options.rate,
    delivery: deliveryOf(options),
  };
  return { ends, reading, request };
}

/** Adds what depends on the clusters. @throws KtError `usage` for a pipe that reads what it writes */
export async function requestOf(
  { ends, request }: Planned,
  options: PipeOptions,
  source: Cluster,
  destination: Cluster,
): Promise<PipeRequest> {
  const isSame = source === destination || (await isOneCluster(source, destination));
  refuseLoops(ends, options, isSame);
  const { toHeader, partitions, rekey, map, mapRecord } = options;
  const patterns = isSame && !isBounded(options) ? ends.sources.map(namePattern) : [];
  return {
    ...request,
    destination: {
      to: toHeader === undefined ? { topic: ends.destination! } : { header: toHeader },
      partitions,
      rekeys: rekey !== undefined || (map !== undefined && mapRecord),
      isRead: (topic) => patterns.some((pattern) => pattern.matches(topic)),
    },
  };
}

async function isOneCluster(one: Cluster, other: Cluster): Promise<boolean> {
  const [first, second] = await Promise.all([one.metadata([]), other.metadata([])]);
  return first.clusterId !== null && first.clusterId === second.clusterId;
}
