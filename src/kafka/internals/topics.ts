/** Kafka's own topics, by the coordinator that writes them and numbers their records. */
import type { Coordinator } from '../wire/generated/internals.ts';

const names: Readonly<Record<string, Coordinator>> = {
  __consumer_offsets: 'group',
  __transaction_state: 'transaction',
  __share_group_state: 'share',
};

/** The coordinator that writes this topic; undefined for the topics of users. */
export function coordinatorOf(topic: string): Coordinator | undefined {
  return Object.hasOwn(names, topic) ? names[topic] : undefined;
}

/** The coordinator that wrote the records in a copy of one of these topics, by the end of its name (`eu.__transaction_state`); by default the group coordinator. */
export function coordinatorOfCopy(topic: string): Coordinator {
  const name = Object.keys(names).find((ending) => topic.endsWith(ending));
  return name === undefined ? 'group' : names[name]!;
}
