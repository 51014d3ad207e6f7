/** One Produce request: batches of several partitions for one leader, and what the answer means for each batch. */

import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../cluster.ts';
import { refusedFor } from '../permissions.ts';
import { partitionName } from '../routing.ts';
import { isFencing } from '../transactions/refusal.ts';
import { errorOf } from '../wire/errors.ts';
import type { RequestBodies, ResponseBodies } from '../wire/generated/types.ts';
import type { Batch, Outcome } from './delivery.ts';

/** The last version that names topics; kt produces by name. */
const lastVersionByName = 12;
/** From the next version on, the broker adds partitions to the transaction by itself (KIP-890). */
const lastVersionOfAdded = 11;
/** The longest a broker may wait for its followers, in ms. */
const replicationTimeoutMs = 30_000;

interface ProduceSettings {
  readonly acks: -1 | 1 | 0;
  readonly transactionalId?: string | undefined;
  readonly deliveryTimeoutMs: number;
  readonly closing?: boolean;
}

/** Sends the batches, at most one of each partition. @throws KtError `connection` when no answer came */
export function requestProduce(
  cluster: Cluster,
  leader: number,
  batches: readonly Batch[],
  { acks, transactionalId, deliveryTimeoutMs, closing = false }: ProduceSettings,
): Promise<ResponseBodies['Produce']> {
  const body: RequestBodies['Produce'] = {
    transactionalId: transactionalId ?? null,
    acks,
    timeoutMs: Math.min(deliveryTimeoutMs, replicationTimeoutMs),
    topicData: topicDataOf(batches),
  };
  return cluster.request(
    'Produce',
    body,
    { broker: leader },
    {
      ...(transactionalId === undefined
        ? { maxVersion: lastVersionByName, closing }
        : { maxVersion: lastVersionOfAdded, closing: true }),
      onSend: () => {
        for (const batch of batches) batch.isSent = true;
      },
    },
  );
}

function topicDataOf(batches: readonly Batch[]): RequestBodies['Produce']['topicData'] {
  const topics = new Map<string, { index: number; records: Buffer }[]>();
  for (const { delivery, bytes } of batches) {
    const partitions = topics.get(delivery.topic) ?? [];
    partitions.push({ index: delivery.partition, records: bytes });
    topics.set(delivery.topic, partitions);
  }
  return [...topics].map(([name, partitionData]) => ({ name, partitionData }));
}

type Answer = ResponseBodies['Produce']['responses'][number]['partitionResponses'][number];

export function answersByPartition(response: ResponseBodies['Produce']): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Answer>();
  for (const { name, partitionResponses } of response.responses) {
    for (const answer of partitionResponses) answers.set(partitionName({ topic: name, partition: answer.index }), answer);
  }
  return answers;
}

/** @throws KtError `connection` where there is none */
export function answerTo({ delivery }: Batch, answers: ReadonlyMap<string, Answer>): Answer {
  const name = partitionName(delivery);
  const answer = answers.get(name);
  if (!answer) throw new KtError('connection', `the broker's answer leaves out ${name}`);
  return answer;
}

/** What a broker's answer means for a batch. */
export type Verdict =
  | Exclude<Outcome, { readonly result: 'retry' }>
  /** Another producer took over the transactional id. */
  | { readonly result: 'fenced' }
  /** To be sent again while that is allowed, under another producer id or to another leader where so it says. */
  | {
      readonly result: 'again';
      readonly error: KtError;
      readonly needsProducerId: boolean;
      readonly needsLeader: boolean;
      readonly maybeWritten: boolean;
    };

/** Whether an error says that the broker expects other sequence numbers of this producer. */
export function isGap(code: string | undefined): boolean {
  return code === 'UNKNOWN_PRODUCER_ID' || code === 'OUT_OF_ORDER_SEQUENCE_NUMBER';
}

export function judge(batch: Batch, answer: Answer, isTransactional: boolean): Verdict {
  const { topic, partition } = batch.delivery;
  const { name, retriable } = errorOf(answer.errorCode);
  if (answer.errorCode === 0) return { result: 'written', baseOffset: answer.baseOffset };
  if (name === 'DUPLICATE_SEQUENCE_NUMBER') return { result: 'written', baseOffset: -1n };
  const what = `writing to ${topic}:${partition}`;
  // What the broker says of the only record tells more than what it says of the batch (KIP-467): its timestamp and the times allowed.
  const own = batch.lines.length === 1 ? answer.recordErrors[0]?.batchIndexErrorMessage : undefined;
  const error = refusedFor(answer.errorCode, what, { topic: ['WRITE', topic] }, own ?? answer.errorMessage);
  if (isTransactional && isFencing(name)) return { result: 'fenced' };
  const lostState = name === 'UNKNOWN_PRODUCER_ID' || name === 'INVALID_PRODUCER_EPOCH';
  const behindAFailure = name === 'OUT_OF_ORDER_SEQUENCE_NUMBER';
  const needsProducerId = lostState || (behindAFailure && batch.delivery.inFlight[0] === batch);
  // An open transaction cannot change its producer id or epoch.
  const isFatal = needsProducerId && isTransactional;
  if ((retriable || lostState || behindAFailure) && !isFatal) {
    return {
      result: 'again',
      error,
      needsProducerId,
      needsLeader: retriable && name !== 'REQUEST_TIMED_OUT',
      maybeWritten: name === 'REQUEST_TIMED_OUT' || name === 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    };
  }
  const badRecords = new Map(
    answer.recordErrors.map(({ batchIndex, batchIndexErrorMessage }) => [batchIndex, batchIndexErrorMessage]),
  );
  return { result: 'failed', error, badRecords };
}
