/** When the first record at or after an offset was written: one small Fetch for many partitions, and larger ones only where batches are large. */
import { KtError } from '../../base/errors.ts';
import { groupedBy } from '../../base/grouped-by.ts';
import { groupedByTopic } from '../by-topic.ts';
import type { Cluster, TopicPartition } from '../cluster.ts';
import { partitionName, perLeader, type Routed, type RoutingOptions, type Send } from '../routing.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import { type AbortedTransactions, decoded } from './decode.ts';
import { onDisk } from './end-of-log.ts';
import { answerBytes, type Isolation } from './fetch.ts';
import { fetchBody, lastVersionByName, partitionToFetch } from './fetch-request.ts';

/** Where to look: the first record from `offset` on, and before `end`. */
export interface Lookup extends TopicPartition {
  readonly offset: bigint;
  readonly end: bigint;
}

export interface FirstRecordOptions extends RoutingOptions {
  /** What one batch may decompress to, in bytes (default 128 MiB). */
  readonly maxBatchBytes?: number | undefined;
}

/** Of one partition, by the offset of the lookup: epoch ms of the record (-1 when it has no timestamp), null without a record before the end. */
export interface FirstRecords {
  readonly errorCode: number;
  /** Why a batch cannot be read, where that was not the broker's error. */
  readonly errorMessage?: string | null;
  readonly timestamps: ReadonlyMap<bigint, number | null>;
}

/** Many small batches at once, then a few large ones, then one alone of any size: a broker sends the first batch however large it is (KIP-74). */
const rounds = [
  { partitions: 400, partitionMaxBytes: 20 << 10 },
  { partitions: 8, partitionMaxBytes: 1 << 20 },
  { partitions: 1, partitionMaxBytes: 1 << 20 },
] as const;
const maxBytes = 8 << 20;
const lastRound = rounds.length - 1;
const corruptMessage = 2;
const requestTimedOut = 7;
/** How long a broker may take for records that it did not give at once, and once it is known that it must read them from elsewhere. */
const [doubtMs, remoteMs] = [500, 5_000];

interface Search extends Lookup {
  /** Where the next fetch begins: past what held no record. */
  position: bigint;
  round: number;
  /** How long its next answer may take. One that got nothing, alone or among others that got nothing either, is given time before it ends. */
  waitMs: number;
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
  { maxBatchBytes, ...options }: FirstRecordOptions = {},
): Promise<Routed<FirstRecords>> {
  const wanted = groupedBy(lookups, partitionName);
  const send: Send<TopicPartition, FirstRecords> = async (broker, partitions) => {
    const answers = new Map<
      string,
      { errorCode: number; errorMessage: string | null; timestamps: Map<bigint, number | null> }
    >();
    let searches: Search[] = [];
    for (const partition of partitions) {
      const name = partitionName(partition);
      answers.set(name, { errorCode: 0, errorMessage: null, timestamps: new Map() });
      const byOffset = new Map(wanted.get(name)!.map((lookup) => [lookup.offset, lookup]));
      for (const lookup of byOffset.values()) searches.push({ ...lookup, position: lookup.offset, round: 0, waitMs: 0 });
    }
    // Lowest first: the records that come for one search may answer the next ones too.
    searches.sort((a, b) => (a.offset < b.offset ? -1 : 1));
    while (searches.length > 0) {
      const asked = nextRequest(searches);
      const response = await fetchOnce(cluster, broker, asked, isolation, maxBatchBytes);
      const taken = await take(response, asked, searches, isolation, maxBatchBytes);
      const ended = await provenEnds(cluster, broker, taken);
      for (const { search, errorCode, errorMessage, timestamp } of ended) {
        const answer = answers.get(partitionName(search))!;
        answer.errorCode ||= errorCode;
        answer.errorMessage ??= errorMessage ?? null;
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
  const round = searches.reduce((least, search) => Math.min(least, search.round), Number.POSITIVE_INFINITY);
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
  maxBatchBytes: number | undefined,
): Promise<ResponseBodies['Fetch']> {
  const { partitionMaxBytes } = rounds[asked[0]!.round]!;
  const waitMs = Math.max(...asked.map((search) => search.waitMs));
  const body = fetchBody(isolation, {
    // A broker that reads tiered storage needs time.
    ...(waitMs > 0 ? { maxWaitMs: waitMs, minBytes: 1 } : { maxWaitMs: 0, minBytes: 0 }),
    maxBytes,
    // Epoch -1: no session is opened for this one request (KIP-227).
    sessionId: 0,
    sessionEpoch: -1,
    topics: groupedByTopic(asked).map(({ topic, partitions: searches }) => ({
      topic,
      partitions: searches.map(({ partition, position }) => partitionToFetch(partition, position, -1, partitionMaxBytes)),
    })),
    forgottenTopicsData: [],
  });
  return cluster.request(
    'Fetch',
    body,
    { broker },
    { maxVersion: lastVersionByName, answerBytes: answerBytes({ maxBatchBytes }) },
  );
}

interface Ended {
  readonly search: Search;
  errorCode: number;
  readonly errorMessage?: string;
  readonly timestamp: number | null;
  /** Nothing came, twice. */
  readonly isDoubted?: boolean;
}

/**
 * Of the searches that ended with empty answers those that ended because the broker read its own disk: see end-of-log. The others are
 * given more time, and then have an error.
 */
async function provenEnds(cluster: Cluster, broker: number, taken: readonly Ended[]): Promise<readonly Ended[]> {
  const doubted = taken.filter(({ isDoubted }) => isDoubted);
  const places = doubted.map((each) => ({ ...each.search, offset: each.search.position, each }));
  const proven = new Set((await onDisk(cluster, broker, places)).map(({ each }) => each));
  // The answer has to come within the time limit of a request.
  const longest = Math.max(doubtMs, Math.min(remoteMs, cluster.timeoutMs / 2));
  return taken.filter((each) => {
    if (!each.isDoubted || proven.has(each)) return true;
    each.errorCode = requestTimedOut;
    const isOver = each.search.waitMs >= longest;
    each.search.waitMs = longest;
    return isOver;
  });
}

/** Ends the searches that found their record, or reached the end; moves the others forward. */
async function take(
  response: ResponseBodies['Fetch'],
  asked: readonly Search[],
  searches: readonly Search[],
  isolation: Isolation,
  maxBatchBytes: number | undefined,
): Promise<Ended[]> {
  if (response.errorCode !== 0) return asked.map((search) => ({ search, errorCode: response.errorCode, timestamp: null }));
  const ended: Ended[] = [];
  const unanswered = new Map(asked.map((search) => [partitionName(search), search]));
  let bytes = 0;
  for (const { topic, partitions } of response.responses) {
    for (const { partitionIndex, errorCode, records, abortedTransactions } of partitions) {
      const search = unanswered.get(partitionName({ topic, partition: partitionIndex }));
      if (!search) continue;
      if (errorCode !== 0) ended.push({ search, errorCode, timestamp: null });
      else if (records === null || records.length === 0) continue;
      else {
        bytes += records.length;
        const aborted = isolation === 'read_committed' ? abortedTransactions : undefined;
        ended.push(...(await found(search, searches, records, aborted, maxBatchBytes)));
      }
      unanswered.delete(partitionName(search));
    }
  }
  // A broker that throttles this client answers late and with nothing: ask again.
  if (bytes === 0 && response.throttleTimeMs > 0) return ended;
  // Unanswered searches did not fit, or there is nothing up to their end: alone in a request, the latter is certain.
  for (const search of unanswered.values()) {
    if (bytes > 0 && search.round < lastRound) search.round++;
    else if (search.waitMs > 0) ended.push({ search, errorCode: 0, timestamp: null, isDoubted: true });
    else search.waitMs = doubtMs;
  }
  return ended;
}

/** The searches of one partition that end within the bytes fetched for one of them; moves those that continue behind the bytes. */
async function found(
  { topic, partition, position: startOffset }: Search,
  searches: readonly Search[],
  bytes: Buffer,
  abortedTransactions: AbortedTransactions,
  maxBatchBytes: number | undefined,
): Promise<readonly Ended[]> {
  const { records, nextOffset } = await decoded({
    topic,
    partition,
    bytes,
    startOffset,
    abortedTransactions,
    maxBatchBytes,
  });
  const here = searches.filter(
    (search) =>
      search.topic === topic &&
      search.partition === partition &&
      search.position >= startOffset &&
      (search.position < nextOffset || search.position === startOffset),
  );
  here.sort((a, b) => (a.position < b.position ? -1 : 1));
  const ended: Ended[] = [];
  try {
    records.each((record) => {
      for (let search = here[0]; search && search.position <= record.offset; search = here[0]) {
        ended.push({ search, errorCode: 0, timestamp: record.offset < search.end ? record.timestamp : null });
        here.shift();
      }
      return here.length > 0;
    });
  } catch (error) {
    // One bad batch does not hide other partitions' records.
    if (!(error instanceof KtError) || error.kind !== 'refused') throw error;
    const { message: errorMessage } = error;
    return [...ended, ...here.map((search) => ({ search, errorCode: corruptMessage, errorMessage, timestamp: null }))];
  }
  for (const search of here) {
    if (nextOffset >= search.end || nextOffset <= search.position) ended.push({ search, errorCode: 0, timestamp: null });
    else search.position = nextOffset;
  }
  return ended;
}
