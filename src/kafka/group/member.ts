/** A member of a consumer group by the classic protocol (JoinGroup, SyncGroup, Heartbeat), compatible with Java's. */
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../cluster.ts';
import { errorOf } from '../wire/errors.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import { assignedInWords, leaveInTime, type MemberOptions, mayCommit, rebalanceTimeoutMs } from './any-member.ts';
import { assignors } from './assignors.ts';
import { decodeAssignment, encodeSubscription } from './consumer-protocol.ts';
import { GroupCoordinator } from './coordinator.ts';
import { keepAlive } from './heartbeat.ts';
import { assignPartitions, partitionsChanged } from './leader.ts';
import {
  type AssignedPartition,
  type CommitOutcome,
  commitOffsets,
  fetchOffsets,
  type Offsets,
  type OffsetTransaction,
} from './offsets.ts';
import { groupRefusal } from './refusal.ts';
import type { PartitionCounts } from './subscribers.ts';

type Joined = ResponseBodies['JoinGroup'];

const protocolType = 'consumer';
/** Java's defaults. */
const defaultSessionTimeoutMs = 45_000;
const longestHeartbeatMs = 3_000;
/** A JoinGroup is answered when all members have joined: as late as Java members may by default. */
const longestRebalanceMs = 300_000;
const metadataMaxAgeMs = 30_000;
const retryMs = 100;
/** Before this version LeaveGroup takes one member, without a list. */
const leaveGroupListVersion = 3;

/**
 * See `Membership` for what its parts promise. The member is eager: it gives up all partitions before it joins again (so it
 * never owns any while it joins), which is right under every assignor, cooperative-sticky included.
 */
export class ClassicMember {
  generation = 0;
  assigned: readonly AssignedPartition[] = [];
  changed: Promise<void> = Promise.resolve();
  readonly #cluster: Cluster;
  readonly #options: MemberOptions;
  readonly #sessionTimeoutMs: number;
  readonly #groupInstanceId: string | null;
  readonly #coordinator: GroupCoordinator;
  readonly #leaving = new AbortController();
  /** Aborted when the command is interrupted, and when the member leaves. */
  readonly #signal: AbortSignal;
  #topics: readonly string[];
  /** The topics of its last JoinGroup. */
  #joinedTopics: readonly string[] = [];
  /** Ends the heartbeat of the current generation. */
  #over = new AbortController();
  /** Makes `changed` resolve; the reason goes into the broker's log. */
  #endGeneration: (reason: string) => void = () => {};
  #memberId = '';
  #generationId = -1;
  /** Why it joins, for the broker's log (KIP-800). */
  #reason = 'kt starts reading';

  constructor(cluster: Cluster, options: MemberOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#topics = options.topics;
    this.#sessionTimeoutMs = options.sessionTimeoutMs ?? defaultSessionTimeoutMs;
    this.#groupInstanceId = options.groupInstanceId ?? null;
    this.#coordinator = new GroupCoordinator(cluster, options.group);
    this.#signal = AbortSignal.any([options.signal, this.#leaving.signal]);
  }

  async rejoin(): Promise<void> {
    this.#over.abort();
    this.assigned = [];
    for (;;) {
      const joined = await this.#join();
      const lead = joined.leader === joined.memberId ? await this.#lead(joined) : undefined;
      const synced = await this.#sync(joined, lead?.assignments ?? []);
      if (synced === undefined) continue;
      const changed = this.#keepAlive(lead?.counts);
      this.assigned = await fetchOffsets(this.#coordinator, this.#options.group, synced, this.#signal);
      this.changed = changed;
      this.generation++;
      this.#options.note(`group ${this.#options.group}: ${assignedInWords(this.assigned)}`);
      return;
    }
  }

  async commit(offsets: Offsets, through?: OffsetTransaction): Promise<CommitOutcome> {
    if (offsets.size === 0) return 'committed';
    if (!mayCommit(this.assigned, offsets, this.#options)) return 'stale';
    const metadata = {
      group: this.#options.group,
      memberId: this.#memberId,
      generationId: this.#generationId,
      groupInstanceId: this.#groupInstanceId,
    };
    return through?.addOffsets(metadata, offsets) ?? commitOffsets(this.#coordinator, metadata, offsets, this.#options.signal);
  }

  subscribe(topics: readonly string[]): void {
    this.#topics = topics;
    this.#endGeneration('kt reads other topics');
  }

  async leave(): Promise<void> {
    this.#over.abort();
    this.#leaving.abort();
    this.assigned = [];
    const memberId = this.#memberId;
    this.#memberId = '';
    if (memberId === '' || this.#groupInstanceId !== null) return;
    await leaveInTime(this.#leave(memberId), this.#options, `${this.#sessionTimeoutMs / 1000}s`);
  }

  /** Sends JoinGroup until it is a member of a new generation. */
  async #join(): Promise<Joined> {
    const { group } = this.#options;
    this.#joinedTopics = this.#topics;
    const metadata = encodeSubscription(this.#topics);
    for (;;) {
      const response = await this.#coordinator.ask(
        'JoinGroup',
        {
          groupId: group,
          sessionTimeoutMs: this.#sessionTimeoutMs,
          rebalanceTimeoutMs,
          memberId: this.#memberId,
          groupInstanceId: this.#groupInstanceId,
          protocolType,
          protocols: [...assignors.keys()].map((name) => ({ name, metadata })),
          reason: this.#reason,
        },
        { ...this.#waiting, passing: ['REBALANCE_IN_PROGRESS'] },
      );
      switch (errorOf(response.errorCode).name) {
        case 'NONE':
          this.#memberId = response.memberId;
          this.#generationId = response.generationId;
          return response;
        case 'MEMBER_ID_REQUIRED':
          // KIP-394: the first request only gets an id, so that repeating it after a lost answer leaves no ghost member behind.
          this.#memberId = response.memberId;
          break;
        case 'UNKNOWN_MEMBER_ID':
        case 'ILLEGAL_GENERATION':
          this.#memberId = '';
          await pause(retryMs, this.#signal);
          break;
        default:
          throw groupRefusal(response.errorCode, group);
      }
    }
  }

  /** Assigns partitions, as the leader. A static leader that is back after a restart must leave the assignment alone (KIP-814). */
  async #lead({ protocolName, members, skipAssignment }: Joined) {
    const { assignments, counts } = await assignPartitions(this.#cluster, protocolName ?? '', members);
    return { assignments: skipAssignment ? [] : assignments, counts };
  }

  /** The member's partitions; undefined when the next rebalance has already begun. */
  async #sync({ protocolName }: Joined, assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]) {
    const { group } = this.#options;
    const response = await this.#coordinator.ask(
      'SyncGroup',
      {
        groupId: group,
        generationId: this.#generationId,
        memberId: this.#memberId,
        groupInstanceId: this.#groupInstanceId,
        protocolType,
        protocolName,
        assignments,
      },
      this.#waiting,
    );
    switch (errorOf(response.errorCode).name) {
      case 'NONE':
        return decodeAssignment(response.assignment);
      case 'REBALANCE_IN_PROGRESS':
      case 'ILLEGAL_GENERATION':
      case 'UNKNOWN_MEMBER_ID':
        return undefined;
      default:
        throw groupRefusal(response.errorCode, group);
    }
  }

  /** For requests that are answered when the whole group is ready. They use the socket of long polls, so that LeaveGroup need not wait behind them. */
  get #waiting() {
    return {
      signal: this.#signal,
      longPollMs: longestRebalanceMs,
      socket: 'fetch' as const,
      codes: ({ errorCode }: { readonly errorCode: number }) => [errorCode],
    };
  }

  /** Starts the heartbeat of a new generation; resolves when that is over. */
  #keepAlive(counts: PartitionCounts | undefined): Promise<void> {
    const over = new AbortController();
    this.#over = over;
    const signal = AbortSignal.any([this.#signal, over.signal]);
    return new Promise((resolve) => {
      const end = (reason: string) => {
        this.#reason = reason;
        resolve();
      };
      this.#endGeneration = end;
      if (this.#joinedTopics !== this.#topics) end('kt reads other topics');
      const intervalMs = Math.min(longestHeartbeatMs, this.#sessionTimeoutMs / 3);
      void keepAlive({ beat: () => this.#beat(signal), intervalMs, signal }, (answer) => end(`heartbeat: ${answer}`));
      if (counts === undefined) return;
      partitionsChanged(this.#cluster, counts, metadataMaxAgeMs, signal).then(
        () => end('the number of partitions changed'),
        () => {},
      );
    });
  }

  /** One heartbeat's answer; `lost` when none came within a session. Rejects only when aborted. */
  async #beat(signal: AbortSignal): Promise<string> {
    const body = {
      groupId: this.#options.group,
      generationId: this.#generationId,
      memberId: this.#memberId,
      groupInstanceId: this.#groupInstanceId,
    };
    const codes = ({ errorCode }: { readonly errorCode: number }) => [errorCode];
    const { errorCode } = await this.#coordinator.ask('Heartbeat', body, { signal, codes, giveUpMs: this.#sessionTimeoutMs });
    return errorOf(errorCode).name;
  }

  async #leave(memberId: string): Promise<void> {
    const { group, signal } = this.#options;
    const reason = 'kt stops reading';
    await this.#coordinator.ask(
      'LeaveGroup',
      (version) => ({
        groupId: group,
        ...(version < leaveGroupListVersion ? { memberId } : { members: [{ memberId, reason }] }),
      }),
      { signal, closing: 'briefly', codes: ({ errorCode }) => [errorCode] },
    );
  }
}
