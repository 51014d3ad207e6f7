/** When the first record at or after an offset was written: one small Fetch for many partitions, and only as much more as large batches ask for. */
import { KtError } from '../../errors.ts';
import type { Cluster, TopicPartition } from '../cluster.ts';
import { partitionName, perLeader, type Routed, type RoutingOptions, type Send } from '../routing.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import { scanBatches } from './batch-header.ts';
import { RecordBatches } from './batch-reader.ts';
import { prepareCodecs } from './compression/index.ts';
import type { Isolation } from './fetch.ts';

/** Where to look: the first record from `offset` on, and before `end`. */
export interface Lookup extends TopicPartition {
  readonly offset: bigint;
  readonly end: bigint;
}

/** Of one partition, by the offset looked from: epoch ms of the record (-1 when it carries no time), null where there is none up to the end. */
export interface FirstRecords {
  readonly errorCode: number;
  readonly timestamps: ReadonlyMap<bigint, number | null>;
}

/** Many small batches at once, then a few large ones, then one of any size alone: a broker sends a first batch however large it is (KIP-74). */
const rounds = [
  { partitions: 400, partitionMaxBytes: 20 << 10 },
  { partitions: 8, partitionMaxBytes: 1 << 20 },
  { partitions: 1, partitionMaxBytes: 1 << 20 },
] as const;
const maxBytes = 8 << 20;
/** The last version that names topics; newer ones need topic ids. */
const lastVersionByName = 12;
const lastRound = rounds.length - 1;
const corruptMessage = 2;

interface Search extends Lookup {
  /** Where the next fetch begins: past what held no record. */
  position: bigint;
  round: number;
}

/**
 * Reads just enough of each partition to see its first record: transaction markers, compacted offsets and, under read_committed, aborted
 * records are passed over. A compressed batch costs that batch.
 * @returns by `partitionName`; a partition that cannot be read has its error
 */
export function firstRecords(
  cluster: Cluster,
  lookups: readonly Lookup[],
  isolation: Isolation,
  options: RoutingOptions,
): Promise<Routed<FirstRecords>> {
  const wanted = grouped(lookups, partitionName);
  const send: Send<TopicPartition, FirstRecords> = async (broker, partitions) => {
    const answers = new Map<string, { errorCode: number; timestamps: Map<bigint, number | null> }>();
    let searches: Search[] = [];
    for (const partition of partitions) {
      const name = partitionName(partition);
      answers.set(name, { errorCode: 0, timestamps: new Map() });
      const byOffset = new Map(wanted.get(name)!.map((lookup) => [lookup.offset, lookup]));
      for (const lookup of byOffset.values()) searches.push({ ...lookup, position: lookup.offset, round: 0 });
    }
    while (searches.length > 0) {
      const asked = nextRequest(searches);
      const response = await fetchOnce(cluster, broker, asked, isolation);
      const ended = await take(response, asked, isolation);
      for (const { search, errorCode, timestamp } of ended) {
        const answer = answers.get(partitionName(search))!;
        answer.errorCode ||= errorCode;
        answer.timestamps.set(search.offset, timestamp);
      }
      const gone = new Set(ended.map(({ search }) => search));
      searches = searches.filter((search) => !gone.has(search));
    }
    return answers;
  };
  const partitions = [...wanted.values()].map(([first]) => ({ topic: first!.topic, partition: first!.partition }));
  return perLeader(cluster, partitions, send, options);
}

/** Searches of one round, each partition once: a request cannot ask for two places of it. */
function nextRequest(searches: readonly Search[]): Search[] {
  const round = Math.min(...searches.map((search) => search.round));
  const asked = new Map<string, Search>();
  for (const search of searches) {
    if (search.round !== round || asked.has(partitionName(search))) continue;
    asked.set(partitionName(search), search);
    if (asked.size === rounds[round]!.partitions) break;
  }
  return [...asked.values()];
}

function fetchOnce(
  cluster: Cluster,
  broker: number,
  asked: readonly Search[],
  isolation: Isolation,
): Promise<ResponseBodies['Fetch']> {
  const { partitionMaxBytes } = rounds[asked[0]!.round]!;
  const topics = [...grouped(asked, ({ topic }) => topic)].map(([topic, searches]) => ({
    topic,
    partitions: searches.map(({ partition, position }) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: position,
      logStartOffset: -1n,
      partitionMaxBytes,
    })),
  }));
  const body = {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes,
    isolationLevel: isolation === 'read_committed' ? 1 : 0,
    // Epoch -1: no session is opened for this one request (KIP-227).
    sessionId: 0,
    sessionEpoch: -1,
    topics,
    forgottenTopicsData: [],
    rackId: '',
  };
  return cluster.request('Fetch', body, { broker }, { maxVersion: lastVersionByName });
}

interface Ended {
  readonly search: Search;
  readonly errorCode: number;
  readonly timestamp: number | null;
}

/** Ends the searches that found their record, or the end; the others are moved on. */
async function take(response: ResponseBodies['Fetch'], asked: readonly Search[], isolation: Isolation): Promise<Ended[]> {
  const ended: Ended[] = [];
  const byName = new Map(asked.map((search) => [partitionName(search), search]));
  const end = (search: Search, errorCode: number, timestamp: number | null) => {
    byName.delete(partitionName(search));
    ended.push({ search, errorCode, timestamp });
  };
  if (response.errorCode !== 0) return asked.map((search) => ({ search, errorCode: response.errorCode, timestamp: null }));
  let bytes = 0;
  for (const { topic, partitions } of response.responses) {
    for (const { partitionIndex, errorCode, records, abortedTransactions } of partitions) {
      const search = byName.get(partitionName({ topic, partition: partitionIndex }));
      if (!search) continue;
      if (errorCode !== 0) {
        end(search, errorCode, null);
        continue;
      }
      if (records === null || records.length === 0) continue;
      bytes += records.length;
      const aborted = isolation === 'read_committed' ? abortedTransactions : undefined;
      const timestamp = await firstTimestamp(search, records, aborted).catch(unreadable);
      if (timestamp === 'unreadable') end(search, corruptMessage, null);
      else if (timestamp !== undefined) end(search, 0, timestamp);
      else if (search.position >= search.end) end(search, 0, null);
      else byName.delete(partitionName(search));
    }
  }
  // A broker over its quota answers with nothing, and late: asking again waits for it.
  if (bytes === 0 && response.throttleTimeMs > 0) return ended;
  // What stays unanswered did not fit, or holds nothing from there to its end: alone in a request, the latter is sure.
  for (const search of byName.values()) {
    if (bytes === 0 || search.round === lastRound) end(search, 0, null);
    else search.round++;
  }
  return ended;
}

/** One bad batch hides no other partition's record. */
function unreadable(error: unknown): 'unreadable' {
  if (error instanceof KtError && error.kind === 'refused') return 'unreadable';
  throw error;
}

function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.get(key)?.push(item)) groups.set(key, [item]);
  }
  return groups;
}

/** The time of the first record; undefined when there is none in these bytes, which the search is then moved past. */
async function firstTimestamp(
  search: Search,
  bytes: Buffer,
  abortedTransactions: ConstructorParameters<typeof RecordBatches>[0]['abortedTransactions'],
): Promise<number | null | undefined> {
  const { topic, partition, position: startOffset, end } = search;
  const { nextOffset, codecs } = scanBatches(bytes);
  const loading = prepareCodecs(codecs);
  if (loading) await loading;
  let found: number | null | undefined;
  new RecordBatches({ topic, partition, records: bytes, startOffset, abortedTransactions }).each((record) => {
    found = record.offset < end ? record.timestamp : null;
    return false;
  });
  if (nextOffset > search.position) search.position = nextOffset;
  else if (found === undefined) found = null;
  return found;
}
