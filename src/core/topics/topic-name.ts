/** What a topic can be called. */

/** Whether a topic could have this name, or one that begins with it (Kafka's `Topic.validate`). */
export function canNameTopic(name: string): boolean {
  return /^[\w.-]{1,249}$/.test(name);
}
