/** `tail`: a start and an end for every partition, then records until there are enough. */
import { KtError, usageError } from '../errors.ts';
import type { Cluster, TopicPartition } from '../kafka/cluster.ts';
import { joinGroup, type Membership } from '../kafka/group/membership.ts';
import { type FetchedPart, type FetchRange, fetchRecords, type Isolation } from '../kafka/records/fetch.ts';
import type { FetchedRecords, Visit } from '../kafka/records/record.ts';
import type { Position } from '../position.ts';
import { resolvePositions } from './offsets-position.ts';
import { topicsNamed } from './topics.ts';

export interface TailRequest {
  /** Names and patterns. */
  readonly topics: readonly string[];
  /** Only these partitions; empty means all. */
  readonly partitions: readonly number[];
  /** Where to begin; in a group only for partitions without a committed offset. */
  readonly from: Position;
  /** Where to stop: records at this position and later are not read. */
  readonly to: Position | undefined;
  /** Stops at the end offsets seen at the start. */
  readonly exitAtEnd: boolean;
  readonly maxRecords: number | undefined;
  readonly isolation: Isolation;
  readonly group: { readonly id: string; readonly commit: boolean } | undefined;
  readonly timeoutMs: number;
}

export interface TailEvents {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
}

/**
 * The records, a fetched part at a time. Pulling the next part says that the last one was written out: only then is it committed.
 * @throws KtError `refused` (unknown topic, offset out of range, no permission), `connection`
 */
export async function* tailRecords(cluster: Cluster, request: TailRequest, events: TailEvents): AsyncGenerator<FetchedRecords> {
  const topics = await topicsNamed(cluster, request.topics);
  const limit = new Limit(request.maxRecords);
  if (limit.reached) return;
  if (request.group) {
    yield* tailGroup(cluster, request, request.group, [...topics.keys()], limit, events);
    return;
  }
  const partitions = chosenPartitions(topics, request.partitions);
  const ranges = await rangesOf(cluster, request, partitions, undefined);
  for await (const part of fetchRecords(cluster, ranges, { ...events, isolation: request.isolation })) {
    yield limit.apply(part.records);
    if (limit.reached) return;
  }
}

/** Reads as a member: what was written is committed before more is read, and a rebalance begins again at the commits. */
async function* tailGroup(
  cluster: Cluster,
  request: TailRequest,
  group: NonNullable<TailRequest['group']>,
  topics: readonly string[],
  limit: Limit,
  events: TailEvents,
): AsyncGenerator<FetchedRecords> {
  const { signal, note } = events;
  const membership = await joinGroup(cluster, { group: group.id, topics, signal, note });
  try {
    for (;;) {
      const ranges = await assignedRanges(cluster, request, membership);
      const changed = new AbortController();
      const { generation } = membership;
      membership.changed.then(
        () => changed.abort(new KtError('interrupted', `generation ${generation} of group ${group.id} is over`)),
        () => {},
      );
      const reading = AbortSignal.any([signal, changed.signal]);
      try {
        yield* readAssignment(cluster, request, membership, ranges, limit, { ...events, signal: reading });
      } catch (error) {
        if (!changed.signal.aborted || signal.aborted) throw error;
      }
      if (limit.reached) return;
      const bounded = request.exitAtEnd || request.to !== undefined;
      if (!changed.signal.aborted && bounded) return;
      if (!changed.signal.aborted) await untilAborted(reading);
      if (signal.aborted) throw signal.reason;
      await membership.rejoin();
    }
  } finally {
    await membership.leave();
  }
}

async function* readAssignment(
  cluster: Cluster,
  request: TailRequest,
  membership: Membership,
  ranges: readonly FetchRange[],
  limit: Limit,
  events: TailEvents,
): AsyncGenerator<FetchedRecords> {
  let written = startPositions(membership, ranges);
  const commit = async (): Promise<void> => {
    if (!request.group?.commit || written.size === 0) return;
    const offsets = written;
    written = new Map();
    await membership.commit(offsets);
  };
  try {
    await commit();
    for await (const part of fetchRecords(cluster, ranges, { ...events, isolation: request.isolation })) {
      const records = limit.apply(part.records);
      yield records;
      remember(written, part, limit.reached ? limit.nextOffset(part) : part.nextOffset);
      if (limit.reached) return;
      if (part.isLastOfAnswer) await commit();
    }
  } finally {
    // What was pulled past has been written, however the reading ended.
    await commit();
  }
}

/**
 * Where partitions begin that the group never committed: committed at once, as Java's consumers do. Else a consumer that began at the end and
 * stopped before anything came would begin at a later end the next time, and skip what came in between.
 */
function startPositions(membership: Membership, ranges: readonly FetchRange[]): Map<string, Map<number, bigint>> {
  const positions = new Map<string, Map<number, bigint>>();
  for (const [index, { committedOffset }] of membership.assigned.entries()) {
    const range = ranges[index];
    if (range && committedOffset === null) remember(positions, range, range.start);
  }
  return positions;
}

function remember(written: Map<string, Map<number, bigint>>, { topic, partition }: TopicPartition, nextOffset: bigint): void {
  const offsets = written.get(topic) ?? new Map<number, bigint>();
  offsets.set(partition, nextOffset);
  written.set(topic, offsets);
}

async function assignedRanges(cluster: Cluster, request: TailRequest, membership: Membership): Promise<readonly FetchRange[]> {
  const committed = new Map<string, bigint>();
  for (const { topic, partition, committedOffset } of membership.assigned) {
    if (committedOffset !== null) committed.set(`${topic}-${partition}`, committedOffset);
  }
  return rangesOf(cluster, request, membership.assigned, committed);
}

/** A start and an end for each partition; committed offsets win over the requested start. */
async function rangesOf(
  cluster: Cluster,
  request: TailRequest,
  partitions: readonly TopicPartition[],
  committed: ReadonlyMap<string, bigint> | undefined,
): Promise<readonly FetchRange[]> {
  if (partitions.length === 0) return [];
  const { from, to, exitAtEnd, isolation, timeoutMs } = request;
  const [starts, stops] = await Promise.all([
    resolvePositions(cluster, partitions, from, isolation, { timeoutMs }),
    // An offset to stop at may be still to come, or deleted already.
    to?.at === 'offset' ? partitions.map(() => to) : to && resolvePositions(cluster, partitions, to, isolation, { timeoutMs }),
  ]);
  return starts.map(({ topic, partition, offset, startOffset, endOffset }, index) => {
    const ends = [...(stops ? [stops[index]!.offset] : []), ...(exitAtEnd ? [endOffset] : [])];
    const commit = committed?.get(`${topic}-${partition}`);
    const start = commit === undefined ? offset : commit < startOffset ? startOffset : commit;
    return { topic, partition, start, end: ends.length === 0 ? undefined : ends.reduce((a, b) => (a < b ? a : b)) };
  });
}

function chosenPartitions(
  topics: ReadonlyMap<string, readonly number[]>,
  wanted: readonly number[],
): readonly TopicPartition[] {
  const chosen: TopicPartition[] = [];
  for (const [topic, partitions] of topics) {
    const missing = wanted.find((partition) => !partitions.includes(partition));
    if (missing !== undefined) {
      throw usageError(
        `partition ${missing} (${topic} has ${partitions.length})`,
        `partitions of ${topic} go from 0 to ${partitions.length - 1}`,
      );
    }
    for (const partition of wanted.length > 0 ? new Set(wanted) : partitions) chosen.push({ topic, partition });
  }
  return chosen;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Counts records over all parts, and cuts the part in which the wanted number is reached. */
class Limit {
  #left: number;
  #lastOffset = -1;

  constructor(maxRecords: number | undefined) {
    this.#left = maxRecords ?? Number.POSITIVE_INFINITY;
  }

  get reached(): boolean {
    return this.#left <= 0;
  }

  apply(records: FetchedRecords): FetchedRecords {
    if (this.#left === Number.POSITIVE_INFINITY) return records;
    const each = (visit: Visit) =>
      records.each((record) => {
        this.#lastOffset = record.offset;
        const more = visit(record);
        return --this.#left > 0 && more !== false;
      });
    return { topic: records.topic, partition: records.partition, each };
  }

  /** The offset behind the last record that was let through. */
  nextOffset(part: FetchedPart): bigint {
    return this.#lastOffset < 0 ? part.nextOffset : BigInt(this.#lastOffset) + 1n;
  }
}
