/** A member of a share group (KIP-932): heartbeats tell it which partitions it shares with the other members. */
import { randomBytes } from 'node:crypto';
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster, ClusterMetadata, TopicPartition } from '../cluster.ts';
import { CoordinatorClient } from '../coordinator-client.ts';
import { leaveInTime } from '../group/any-member.ts';
import { inOrder, isSame, named, nothing } from '../group/topic-id-partitions.ts';
import { refusedFor } from '../permissions.ts';
import { errorOf, refused } from '../wire/errors.ts';
import { whatBrings } from '../wire/releases.ts';

const joinEpoch = 0;
const leaveEpoch = -1;
/** Answers to a member that the coordinator no longer has: it joins again. */
const fenced: ReadonlySet<string> = new Set(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID']);
/** How often a member without partitions asks: a new group's partitions are prepared first, which takes a moment. */
const unassignedMs = 250;

export interface ShareMemberOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly signal: AbortSignal;
  note(text: string): void;
  /** Repeats work as long as an outage lasts, where the reading outlives one. */
  readonly lasting: <T>(work: () => Promise<T>) => Promise<T>;
  /** Called with the partitions whenever they change. */
  assigned(partitions: readonly TopicPartition[], metadata: ClusterMetadata): void;
  /** Called once if the membership ends although nobody wanted it. */
  failed(error: unknown): void;
}

export class ShareMember {
  /** A Kafka Uuid, made by the client. Tools take it as an argument: no dash in front. */
  readonly id = randomBytes(16).toString('base64url').replace(/^-/, '_');
  readonly #cluster: Cluster;
  readonly #options: ShareMemberOptions;
  readonly #coordinator: CoordinatorClient;
  readonly #leaving = new AbortController();
  readonly #signal: AbortSignal;
  #topics: readonly string[];
  /** The topics that the coordinator has acknowledged. */
  #acknowledged: readonly string[] | undefined;
  #epoch = joinEpoch;
  #intervalMs = unassignedMs;
  #isAsked = false;
  /** What the coordinator last assigned, and how much of it was passed on. */
  #target = nothing;
  #given = nothing;

  constructor(cluster: Cluster, options: ShareMemberOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#topics = options.topics;
    this.#coordinator = new CoordinatorClient(cluster, { group: options.group }, (code) => refusal(code, options.group));
    this.#signal = AbortSignal.any([options.signal, this.#leaving.signal]);
  }

  /**
   * Joins, and stays a member until it leaves.
   * @throws KtError `refused` (no permission, a group of another type, brokers without share groups); `connection` without a coordinator
   */
  async join(): Promise<void> {
    if ((await this.#cluster.apiVersion('ShareGroupHeartbeat')) < 0) throw withoutShareGroups();
    await this.#options.lasting(() => this.#beat());
    this.#keepAlive().catch((error: unknown) => {
      if (!this.#signal.aborted) this.#options.failed(error);
    });
  }

  /** Subscribes to these topics instead. */
  subscribe(topics: readonly string[]): void {
    this.#topics = topics;
  }

  /** Leaves, within 3 s, also when interrupted; never throws. */
  async leave(): Promise<void> {
    this.#leaving.abort();
    if (!this.#isAsked) return;
    this.#isAsked = false;
    const leaving = this.#coordinator.ask('ShareGroupHeartbeat', this.#body(leaveEpoch), {
      signal: this.#options.signal,
      closing: 'briefly',
      codes: ({ errorCode }) => [errorCode],
    });
    await leaveInTime(leaving, this.#options, 'its session has ended');
  }

  async #keepAlive(): Promise<never> {
    for (;;) {
      await this.#passOn();
      const isWaiting = this.#target.length === 0 || this.#given !== this.#target;
      await pause(isWaiting ? Math.min(unassignedMs, this.#intervalMs) : this.#intervalMs, this.#signal);
      await this.#options.lasting(() => this.#beat());
    }
  }

  async #beat(): Promise<void> {
    const topics = this.#topics;
    this.#isAsked = true;
    const { errorCode, errorMessage, memberEpoch, heartbeatIntervalMs, assignment } = await this.#coordinator.ask(
      'ShareGroupHeartbeat',
      () => this.#body(this.#epoch),
      { signal: this.#signal, codes: (answer) => [answer.errorCode] },
    );
    const { name } = errorOf(errorCode);
    if (fenced.has(name)) {
      this.#epoch = joinEpoch;
      this.#intervalMs = unassignedMs;
      this.#acknowledged = undefined;
      this.#target = nothing;
      return;
    }
    if (errorCode !== 0) throw refusal(errorCode, this.#options.group, errorMessage);
    this.#epoch = memberEpoch;
    this.#intervalMs = heartbeatIntervalMs;
    this.#acknowledged = topics;
    if (assignment === null) return;
    const target = inOrder(assignment.topicPartitions);
    if (!isSame(target, this.#target)) this.#target = target;
  }

  #body(memberEpoch: number) {
    const { group: groupId } = this.#options;
    const isNews = memberEpoch === joinEpoch || this.#acknowledged !== this.#topics;
    return {
      groupId,
      memberId: this.id,
      memberEpoch,
      ...(isNews && memberEpoch !== leaveEpoch && { subscribedTopicNames: this.#topics }),
    };
  }

  /** Passes a new assignment on, once its topics are known by name: a broker may learn of a topic later than the coordinator. */
  async #passOn(): Promise<void> {
    const target = this.#target;
    if (this.#given === target) return;
    try {
      const metadata = await this.#cluster.metadata(this.#topics);
      const partitions = named(target, metadata);
      if (partitions === undefined) return;
      this.#given = target;
      this.#options.assigned(partitions, metadata);
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
    }
  }
}

const refusals: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  GROUP_MAX_SIZE_REACHED: [
    'it has as many members as the broker allows',
    'stop one, or raise group.share.max.size on the brokers',
  ],
  UNSUPPORTED_VERSION: [
    'share groups are switched off in this cluster',
    'kt cluster features upgrade share.version=1 switches them on, with Kafka 4.2 or newer; kt cluster features shows the level',
  ],
};

function refusal(errorCode: number, group: string, brokerMessage?: string | null): KtError {
  const what = `cannot join share group ${group}`;
  const [why, hint] = refusals[errorOf(errorCode).name] ?? [
    brokerMessage,
    `kt groups describe ${shellWord(group)} shows its type and state`,
  ];
  if (errorOf(errorCode).name === 'TOPIC_AUTHORIZATION_FAILED')
    return refused(errorCode, what, 'no permission: DESCRIBE on one of the topics');
  return refusedFor(errorCode, what, { group: ['READ', group] }, why, hint);
}

function withoutShareGroups(): KtError {
  return new KtError('refused', 'share groups (this Kafka does not have them)', {
    code: 'UNSUPPORTED_VERSION',
    hint: `${whatBrings('ShareGroupHeartbeat')}, behind the feature share.version, which is on from Kafka 4.2 on: kt cluster features shows it`,
  });
}
