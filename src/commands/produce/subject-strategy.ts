/** Which subject of a registry has the schema of a topic's keys, or values. */
import type { Field } from '../../records/serde/serde.ts';

export const subjectStrategies = ['topic', 'record', 'topic-record'] as const;
type SubjectStrategy = (typeof subjectStrategies)[number];

/**
 * As Confluent's TopicNameStrategy, RecordNameStrategy and TopicRecordNameStrategy say it.
 * @param type the full name of the record or message
 */
export function subjectOf(strategy: SubjectStrategy, topic: string, field: Field, type: string): string {
  return { topic: `${topic}-${field}`, record: type, 'topic-record': `${topic}-${type}` }[strategy];
}
