/** Reads as a member of a share group (KIP-932), and acknowledges what the sink has handled. */
import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { listOffsets } from '../../core/offsets/list.ts';
import type { RecordBatch } from '../../kafka/batch/record.ts';
import { partitionsInWords } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { patienceMs } from '../../kafka/fetch/outages.ts';
import type { UnreadPartitions } from '../../kafka/fetch/unread.ts';
import { ShareFetcher } from '../../kafka/share/share-fetcher.ts';
import { ShareMember } from '../../kafka/share/share-member.ts';
import { fetchOptions } from './fetch-options.ts';
import type { HandledOffsets } from './handled.ts';
import { outlasting } from './outlast.ts';
import { chosenPartitions } from './ranges.ts';
import type { ReadEvents, ReadRequest } from './request.ts';
import { Subscription } from './subscription.ts';

export interface ShareGroupReading {
  readonly cluster: Cluster;
  readonly request: ReadRequest;
  readonly shareGroup: NonNullable<ReadRequest['shareGroup']>;
  /** With the partitions of each. */
  readonly topics: ReadonlyMap<string, readonly number[]>;
  /** What the sink has handled of the batches it pulled. */
  readonly handled: HandledOffsets;
  /** How many records are wanted still; undefined: no limit. */
  readonly wanted: () => number | undefined;
  /** Gets the partitions that are given up. */
  readonly unread: UnreadPartitions;
  readonly events: ReadEvents;
}

/** Where a group begins to read a topic. */
const startText = "read from where the group's share.auto.offset.reset says";

/**
 * Reads what the group hands out. Where there is an end, it is reached when the group hands out no more of what existed at the start;
 * what other members hold is theirs.
 */
export async function* readAsSharer(reading: ShareGroupReading): AsyncGenerator<RecordBatch> {
  const { cluster, request, shareGroup, topics, handled, wanted, unread, events } = reading;
  const { id: group, acknowledge } = shareGroup;
  const names = [...topics.keys()];
  const isBounded = request.exitAtEnd;
  const ends = isBounded ? await endsOf(cluster, chosenPartitions(topics, { partitions: [] })) : undefined;
  const subscription = new Subscription(cluster, request, names, events, startText);
  const member: ShareMember = new ShareMember(cluster, {
    group,
    topics: names,
    signal: events.signal,
    note: events.note,
    lasting: (work) => (isBounded ? work() : outlasting(group, events, work)),
    assigned: (partitions, metadata) => {
      if (partitions.length > 0) clearTimeout(unassigned);
      events.note(`share group ${group}: ${assignedText(partitions)}`);
      fetcher.assign(partitions, metadata);
    },
    failed: (error) => fetcher.fail(error),
  });
  const fetcher = new ShareFetcher(cluster, {
    ...fetchOptions(request, events, unread),
    group,
    memberId: member.id,
    acknowledge,
    wanted,
    ends,
    deleted: (topic) => subscription.deleted(topic),
  });
  shareGroup.reads?.(fetcher);
  const unassigned = isBounded ? setTimeout(() => fetcher.fail(withoutPartitions(group)), patienceMs) : undefined;
  try {
    await member.join();
    events.arrived?.();
    if (!isBounded) subscription.keep(member);
    for await (const batch of fetcher.batches()) {
      try {
        yield batch;
      } finally {
        const next = handled.take().get(batch.topic)?.get(batch.partition);
        if (next !== undefined) batch.handled(next);
      }
    }
  } finally {
    clearTimeout(unassigned);
    subscription.stop();
    await fetcher.close();
    await member.leave();
  }
}

/** Where the partitions end now. @throws KtError for a partition whose end cannot be found */
async function endsOf(cluster: Cluster, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
  const ends = new Map<string, bigint>();
  for (const [name, found] of await listOffsets(cluster, partitions, 'end', 'read_uncommitted')) {
    if (found instanceof KtError) throw found;
    ends.set(name, found.offset);
  }
  return ends;
}

function assignedText(partitions: readonly TopicPartition[]): string {
  return partitions.length === 0 ? 'assigned no partition' : `assigned ${partitionsInWords(partitions)}`;
}

function withoutPartitions(group: string): KtError {
  return new KtError('connection', `share group ${group} (it assigned no partition within ${patienceMs / 1000}s)`, {
    code: 'COORDINATOR_NOT_AVAILABLE',
    hint: `kt groups describe ${shellWord(group)} shows its members`,
  });
}
