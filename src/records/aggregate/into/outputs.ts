/** Everything that writes to topics, loaded only where something is to be written. */
export { RecordWriter } from './record-writer.ts';
export { ResultWriter } from './result-writer.ts';
export { aggregateInto } from './run.ts';
export { changelogTopic, resultTopic } from './topics.ts';
