/** The bytes in which consumers tell each other what they subscribe to and are assigned; the broker only passes them on. */
import type { TopicPartition } from '../cluster.ts';
import { decodeMessage, encodeMessage } from '../wire/message.ts';
import type { Subscriber } from './subscribers.ts';

/** The newest version of both messages; older readers skip what they do not know at the end. */
const newestVersion = 3;
/** The length of what Java's cooperative-sticky put into its user data before a subscription had a generation. */
const generationBytes = 4;

/** The ConsumerProtocolSubscription of a member that owns nothing while it joins. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  const subscription = { topics: [...topics].sort(), userData: null, ownedPartitions: [], generationId: -1, rackId: null };
  return versioned(encodeMessage('ConsumerProtocolSubscription', newestVersion, subscription));
}

/** What a fellow member, in any language and of any age, subscribes to and still owns. */
export function decodeSubscription(bytes: Buffer): Pick<Subscriber, 'topics' | 'owned' | 'generation'> {
  const message = decodeMessage('ConsumerProtocolSubscription', versionOf(bytes), bytes.subarray(2));
  const { topics, userData, ownedPartitions, generationId } = message;
  const inUserData = generationId < 0 && userData?.length === generationBytes;
  return { topics, owned: flat(ownedPartitions), generation: inUserData ? userData.readInt32BE() : generationId };
}

/** A ConsumerProtocolAssignment. */
export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of partitions) {
    const ofTopic = byTopic.get(topic);
    if (ofTopic === undefined) byTopic.set(topic, [partition]);
    else ofTopic.push(partition);
  }
  const assignedPartitions = [...byTopic].map(([topic, ofTopic]) => ({ topic, partitions: ofTopic }));
  return versioned(encodeMessage('ConsumerProtocolAssignment', newestVersion, { assignedPartitions, userData: null }));
}

/** The partitions of a ConsumerProtocolAssignment; none when it is empty, as a group without a leader's answer has it. */
export function decodeAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return [];
  return flat(decodeMessage('ConsumerProtocolAssignment', versionOf(bytes), bytes.subarray(2)).assignedPartitions);
}

function versioned(message: Buffer): Buffer {
  const version = Buffer.alloc(2);
  version.writeInt16BE(newestVersion);
  return Buffer.concat([version, message]);
}

function versionOf(bytes: Buffer): number {
  return Math.min(bytes.readInt16BE(0), newestVersion);
}

function flat(topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}
