/** What `pipe`'s options ask for together. */
import { namePattern } from '../../base/name-pattern.ts';
import type { Context } from '../../context.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { PipeRequest } from '../../records/pipe/request.ts';
import { deliveryOf } from '../produce/delivery.ts';
import { refuseSchemaless, schemaWriters } from '../produce/schemas.ts';
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
  refuseSchemaless(options);
  const ends = endsOf(topics, options);
  const { group, sessionTimeout: sessionTimeoutMs, map, rekey, setHeader } = options;
  const isWrittenNew = options.keySchema !== undefined || options.valueSchema !== undefined;
  const evaluates = map !== undefined || rekey !== undefined || setHeader.length > 0 || isWrittenNew;
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
      schemas: {},
    },
    deadLetter: options.deadLetter,
    recordsPerSecond: options.rate,
    delivery: deliveryOf(options),
  };
  return { ends, reading, request };
}

/** Adds what depends on the clusters and the registry. @throws KtError `usage` for a pipe that reads what it writes, and for wrong schemas; RegistryError */
export async function requestOf(
  context: Context,
  { ends, request }: Planned,
  options: PipeOptions,
  source: Cluster,
  destination: Cluster,
): Promise<PipeRequest> {
  const isSame = source === destination || (await isOneCluster(source, destination));
  refuseLoops(ends, options, isSame);
  const { toHeader, toProfile, partitions, rekey, map, mapRecord, keySchema, dryRun } = options;
  const patterns = isSame && !isBounded(options) ? ends.sources.map(namePattern) : [];
  const registry = () => (toProfile === undefined ? context.registry() : context.registryOf(toProfile));
  const schemas = await schemaWriters(context, { topic: ends.destination, registry, dryRun }, options);
  return {
    ...request,
    change: { ...request.change, schemas },
    destination: {
      to: toHeader === undefined ? { topic: ends.destination! } : { header: toHeader },
      partitions,
      rekeys: rekey !== undefined || keySchema !== undefined || (map !== undefined && mapRecord),
      isRead: (topic) => patterns.some((pattern) => pattern.matches(topic)),
    },
  };
}

async function isOneCluster(one: Cluster, other: Cluster): Promise<boolean> {
  const [first, second] = await Promise.all([one.metadata([]), other.metadata([])]);
  return first.clusterId !== null && first.clusterId === second.clusterId;
}
