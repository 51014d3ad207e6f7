/** Topics with partitions as command lines name them: `orders`, `orders:3`, `orders:0,1`, or a pattern. */
import { usageError } from '../base/errors.ts';
import { isPattern } from '../base/name-pattern.ts';
import { wholeNumber } from '../cli/options.ts';
import type { TopicSelection } from '../core/partitions/selection.ts';

/** Reads one of them. @throws KtError `usage` */
export function topicPartitions(value: string): TopicSelection {
  const [, topic, list] = /^(.*):([^:]*)$/s.exec(value) ?? [];
  // A regular expression may hold a colon of its own, as in (?:eu|us).
  if (topic === undefined || list === undefined || (isPattern(value) && !/^[\d,]+$/.test(list)))
    return { topic: value, partitions: undefined };
  if (topic === '' || list === '')
    throw usageError(`${value} (no topic or no partitions)`, 'topics look like orders or orders:0,1');
  return { topic, partitions: list.split(',').map(wholeNumber) };
}

/**
 * Reads the topics of a command that also has `--partition`.
 * @throws KtError `usage`, also for a topic whose partitions are named twice over
 */
export function selectionsOf(topics: readonly string[], partitions: readonly number[]): readonly TopicSelection[] {
  return topics.map((value) => {
    const selection = topicPartitions(value);
    if (partitions.length === 0) return selection;
    if (selection.partitions !== undefined)
      throw usageError(`--partition with ${value} (both name partitions)`, 'leave one of them out');
    return { ...selection, partitions };
  });
}
