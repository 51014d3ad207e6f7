/** A member of a consumer group by the consumer protocol (KIP-848): the coordinator assigns partitions, and both sides talk through heartbeats. */
import { randomBytes } from 'node:crypto';
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../cluster.ts';
import { ErrorCode, errorOf } from '../wire/errors.ts';
import { assignedInWords, leaveInTime, type MemberOptions, mayCommit, rebalanceTimeoutMs } from './any-member.ts';
import { GroupCoordinator } from './coordinator.ts';
import {
  type AssignedPartition,
  type CommitOutcome,
  commitOffsets,
  fetchOffsets,
  type GroupMetadata,
  isStale,
  type Offsets,
  type OffsetTransaction,
} from './offsets.ts';
import { groupRefusal } from './refusal.ts';
import { inOrder, isSame, named, nothing, type TopicIdPartitions } from './topic-id-partitions.ts';

/** Member epochs with a meaning of their own (KIP-848): join; leave; leave for now, as a static member. */
const joinEpoch = 0;
const leaveEpoch = -1;
const leaveStaticEpoch = -2;
/** Answers to a joining member that pass with time: the coordinator still has it under an epoch that it lost, until that session ends. */
const fenced: ReadonlySet<string> = new Set(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID']);
const firstPauseMs = 50;
const longestPauseMs = 1_000;

/**
 * See `Membership` for what its parts promise. The coordinator reconciles member by member: a member reports what it owns,
 * learns what it should own, and gets a partition once the former owner has given it up. `rejoin` gives up what is taken away,
 * as the reader has stopped and committed by then; until then the heartbeats report that the member still owns everything.
 * A new epoch that leaves its partitions unchanged does not interrupt the reader.
 */
export class ConsumerMember {
  generation = 0;
  assigned: readonly AssignedPartition[] = [];
  changed: Promise<void> = Promise.resolve();
  readonly #cluster: Cluster;
  readonly #options: MemberOptions;
  readonly #groupInstanceId: string | null;
  readonly #coordinator: GroupCoordinator;
  readonly #leaving = new AbortController();
  /** Aborted when the command is interrupted, and when the member leaves. */
  readonly #signal: AbortSignal;
  /** Made by the client, and the same for all its life (KIP-1082). Tools take it as an argument: no dash in front. */
  readonly #memberId = randomBytes(16).toString('base64url').replace(/^-/, '_');
  #topics: readonly string[];
  #epoch = joinEpoch;
  #intervalMs = longestPauseMs;
  /** What the coordinator last said this member should own. */
  #target = nothing;
  /** What it reports to own. */
  #owned = nothing;
  /** What the coordinator last acknowledged; undefined while an answer is missing: then the next heartbeat repeats everything. */
  #acknowledged: TopicIdPartitions | undefined;
  #asked = false;
  #beating = false;
  #lastBeat: Promise<unknown> = Promise.resolve();
  #over = () => {};

  constructor(cluster: Cluster, options: MemberOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#topics = options.topics;
    this.#groupInstanceId = options.groupInstanceId ?? null;
    this.#coordinator = new GroupCoordinator(cluster, options.group);
    this.#signal = AbortSignal.any([options.signal, this.#leaving.signal]);
  }

  async rejoin(): Promise<void> {
    this.assigned = [];
    for (let waitMs = firstPauseMs; ; waitMs = Math.min(waitMs * 2, longestPauseMs)) {
      await this.#reconcile();
      const assigned = await this.#readable();
      // The answer to a heartbeat may have taken some of these away in the meantime, or none may have come.
      if (assigned !== undefined && this.#isReconciled && this.#beating) {
        this.assigned = assigned;
        break;
      }
      await pause(waitMs, this.#signal);
    }
    this.generation++;
    this.changed = new Promise((resolve) => {
      this.#over = resolve;
    });
    this.#options.note(`group ${this.#options.group}: ${assignedInWords(this.assigned)}`);
  }

  async commit(offsets: Offsets, through?: OffsetTransaction): Promise<CommitOutcome> {
    if (offsets.size === 0) return 'committed';
    while (this.#epoch !== joinEpoch && mayCommit(this.assigned, offsets, this.#options)) {
      const epoch = this.#epoch;
      const outcome = await (through?.addOffsets(this.#metadata, offsets) ??
        commitOffsets(this.#coordinator, this.#metadata, offsets, this.#options.signal));
      if (outcome === 'committed') return outcome;
      // A new epoch comes with the answer to a heartbeat, which may still be on its way. While the member is not fenced, it owns
      // what it has not given up, under any epoch.
      await this.#beat({ closing: true });
      if (this.#epoch === epoch) break;
    }
    return 'stale';
  }

  subscribe(topics: readonly string[]): void {
    this.#topics = topics;
    this.#acknowledged = undefined;
    this.#beat().catch(() => {});
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    this.assigned = [];
    if (!this.#asked) return;
    this.#asked = false;
    await leaveInTime(this.#leave(), this.#options, 'its session has ended');
  }

  get #metadata(): GroupMetadata {
    return {
      group: this.#options.group,
      memberId: this.#memberId,
      generationId: this.#epoch,
      groupInstanceId: this.#groupInstanceId,
    };
  }

  get #isReconciled(): boolean {
    return this.#epoch !== joinEpoch && isSame(this.#owned, this.#target);
  }

  /** Joins if it is not a member, gives up what was taken away and takes what it was given, until it owns what it should. */
  async #reconcile(): Promise<void> {
    do {
      const joins = this.#epoch === joinEpoch;
      this.#owned = this.#target;
      const errorCode = await this.#beat({ joins: true });
      if (errorCode === 0) void this.#keepAlive();
      // An error that does not pass comes again in answer to joining.
      if (errorCode === 0 || !joins) continue;
      if (!fenced.has(errorOf(errorCode).name)) throw groupRefusal(errorCode, this.#options.group);
      await pause(longestPauseMs, this.#signal);
    } while (!this.#isReconciled);
  }

  /** Its partitions with the group's offsets; undefined while some of that is not known yet. */
  async #readable(): Promise<readonly AssignedPartition[] | undefined> {
    const { group } = this.#options;
    if (this.#owned.length === 0) return (await this.#isSettled()) ? [] : undefined;
    const metadata = await this.#cluster.metadata(this.#topics);
    const partitions = named(this.#owned, metadata);
    // A broker may learn of a topic later than the coordinator, and the coordinator later that one is gone.
    if (partitions === undefined) return undefined;
    try {
      return await fetchOffsets(this.#coordinator, group, partitions, this.#signal, this.#metadata);
    } catch (error) {
      if (error instanceof KtError && isStale(error.code)) return undefined;
      throw error;
    }
  }

  /**
   * Whether a member without partitions will get none: all members have reached the newest assignment. Before that others may
   * still give some up; those of a member that died are given to others only when its session ends.
   */
  async #isSettled(): Promise<boolean> {
    const { groups } = await this.#coordinator.ask(
      'ConsumerGroupDescribe',
      { groupIds: [this.#options.group] },
      { signal: this.#signal, codes: (answer) => answer.groups.map(({ errorCode }) => errorCode) },
    );
    return groups.every(({ errorCode, groupState }) => errorCode !== 0 || groupState === 'Stable');
  }

  /** Sends heartbeats at the coordinator's interval until the member leaves or is fenced. */
  async #keepAlive(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    try {
      do await pause(this.#intervalMs, this.#signal);
      while ((await this.#beat()) === 0);
    } catch {
      // Lost or interrupted: the reader finds out which when it joins again.
    }
    this.#beating = false;
    if (!this.#signal.aborted) this.#over();
  }

  /** Sends a heartbeat once the one before is answered, as each carries the epoch of the last answer. @returns the error code */
  #beat(options: BeatOptions = {}): Promise<number> {
    const beat = this.#lastBeat.then(() => this.#sendBeat(options));
    this.#lastBeat = beat.catch(() => {});
    return beat;
  }

  async #sendBeat({ joins = false, closing = false }: BeatOptions): Promise<number> {
    // Only a reader that has stopped may join again.
    if (this.#epoch === joinEpoch && !joins) return ErrorCode.UNKNOWN_MEMBER_ID;
    let owned = this.#owned;
    this.#asked = true;
    const response = await this.#coordinator.ask(
      'ConsumerGroupHeartbeat',
      () => {
        owned = this.#owned;
        return this.#heartbeat(owned);
      },
      {
        signal: closing ? this.#options.signal : this.#signal,
        ...(closing && { closing: 'briefly' }),
        codes: ({ errorCode }) => [errorCode],
      },
    );
    const { errorCode, memberEpoch, heartbeatIntervalMs, assignment } = response;
    if (errorCode === 0) {
      this.#acknowledged = owned;
      this.#epoch = memberEpoch;
      this.#intervalMs = heartbeatIntervalMs;
      if (assignment !== null) this.#target = inOrder(assignment.topicPartitions);
    } else {
      this.#epoch = joinEpoch;
      this.#target = nothing;
    }
    if (!this.#isReconciled) this.#over();
    return errorCode;
  }

  /** What did not change since the last answer is left out. */
  #heartbeat(owned: TopicIdPartitions) {
    const everything = this.#acknowledged === undefined || this.#epoch === joinEpoch;
    const isNews = everything || this.#acknowledged !== owned;
    this.#acknowledged = undefined;
    return {
      groupId: this.#options.group,
      memberId: this.#memberId,
      memberEpoch: this.#epoch,
      instanceId: this.#groupInstanceId,
      ...(everything && { rebalanceTimeoutMs, subscribedTopicNames: this.#topics }),
      topicPartitions: isNews ? owned : null,
    };
  }

  async #leave(): Promise<void> {
    const { group: groupId, signal } = this.#options;
    const instanceId = this.#groupInstanceId;
    const memberEpoch = instanceId === null ? leaveEpoch : leaveStaticEpoch;
    await this.#coordinator.ask(
      'ConsumerGroupHeartbeat',
      { groupId, memberId: this.#memberId, memberEpoch, instanceId },
      { signal, closing: 'briefly', codes: ({ errorCode }) => [errorCode] },
    );
  }
}

interface BeatOptions {
  /** Joins the group if it is not a member. */
  readonly joins?: boolean;
  /** Sent although the command was interrupted. */
  readonly closing?: boolean;
}
