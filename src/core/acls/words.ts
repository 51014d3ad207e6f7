/** The words of access control lists as Kafka's tools take them. */

/** One of Kafka's words in any spelling: `DESCRIBE_CONFIGS`, `DescribeConfigs`, `describe-configs`; undefined for another. */
export function kafkaWord<W extends string>(words: readonly W[], text: string): W | undefined {
  const bare = (word: string): string => word.replaceAll(/[-_]/g, '').toLowerCase();
  return words.find((word) => bare(word) === bare(text));
}

/** Whether it has a type and a name, as `User:alice` has. */
export function isPrincipal(text: string): boolean {
  return /^[^:]+:.+$/s.test(text);
}

/** What to write in place of a text that is no principal. */
export function principalHint(text: string): string {
  return text === '*' ? 'User:* is everybody' : 'write its type too, such as User:alice';
}
