/** The messages in which consumers exchange subscriptions and assignments; the broker only passes them on. */

import { KtError } from '../../base/errors.ts';
import { byTopic } from '../by-topic.ts';
import type { TopicPartition } from '../cluster.ts';
import type { Messages } from '../wire/generated/types.ts';
import { decodeMessage, encodeMessage } from '../wire/message.ts';
import { WireError } from '../wire/reader.ts';
import type { Subscriber } from './subscribers.ts';

/** The newest version of both messages; older readers skip what they do not know at the end. */
const newestVersion = 3;
/** Before subscriptions had a generation, Java's cooperative-sticky put it into the user data, as an int32. */
const generationBytes = 4;

/** The ConsumerProtocolSubscription of a member that owns nothing while it joins. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  const subscription = { topics: [...topics].sort(), userData: null, ownedPartitions: [], generationId: -1, rackId: null };
  return versioned(encodeMessage('ConsumerProtocolSubscription', newestVersion, subscription));
}

/** What a fellow member, in any language and of any age, subscribes to and still owns. @throws KtError `refused` for bytes that cannot be read */
export function decodeSubscription(bytes: Buffer): Pick<Subscriber, 'topics' | 'owned' | 'generation'> {
  const message = decoded('ConsumerProtocolSubscription', bytes);
  const { topics, userData, ownedPartitions, generationId } = message;
  const inUserData = generationId < 0 && userData?.length === generationBytes;
  return { topics, owned: flat(ownedPartitions), generation: inUserData ? userData.readInt32BE() : generationId };
}

/** A ConsumerProtocolAssignment. */
export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  const assignedPartitions = byTopic(partitions);
  return versioned(encodeMessage('ConsumerProtocolAssignment', newestVersion, { assignedPartitions, userData: null }));
}

/**
 * The partitions of a ConsumerProtocolAssignment; none when it is empty, as a group without a leader's answer has it.
 * @throws KtError `refused` for bytes that cannot be read
 */
export function decodeAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return [];
  return flat(decoded('ConsumerProtocolAssignment', bytes).assignedPartitions);
}

function versioned(message: Buffer): Buffer {
  const version = Buffer.alloc(2);
  version.writeInt16BE(newestVersion);
  return Buffer.concat([version, message]);
}

/** Reads what another client wrote, and reports its mistakes as the client's, not as kt's. */
function decoded<M extends keyof Messages>(name: M, bytes: Buffer): Messages[M] {
  try {
    if (bytes.length < 2) throw new WireError(`${bytes.length} bytes`);
    return decodeMessage(name, Math.min(bytes.readInt16BE(0), newestVersion), bytes.subarray(2));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new KtError('refused', `a member of the group sent a ${name} that cannot be read (${error.message})`, {
      code: 'INCONSISTENT_GROUP_PROTOCOL',
      hint: 'kt groups describe shows the members; is one of another protocol among them?',
      cause: error,
    });
  }
}

function flat(topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}
