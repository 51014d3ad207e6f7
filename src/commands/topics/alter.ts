/** `kt topics alter`: words in, what became of each topic's configs and partitions out. */

import { option, variadicArgument } from '../../cli/define.ts';
import { choice, duration, positiveNumber, size } from '../../cli/options.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { configChanges } from '../../core/configs/changes.ts';
import { type AlteredTopic, alterTopics, requireAlterable } from '../../core/topics/alter.ts';
import { cleanupPolicies, requirePartitionCount, topicConfigs } from '../../core/topics/spec.ts';
import { changeColumns, changeFields, changeOptions, changeRows } from '../configs/options.ts';
import { errorsOf, outcomeColumns } from './outcome.ts';

const columns = [...outcomeColumns<AlteredTopic>(), ...changeColumns];

const shows: TableShape<readonly AlteredTopic[]> = {
  kind: 'table',
  tables: [columns],
  blocks: (topics) => [{ columns, rows: changeRows(topics) }],
  names: (topics) => topics.map(({ topic }) => topic),
  fields: {
    topic: 'name of the topic',
    status: 'altered, unchanged (nothing had to change), valid (with --dry-run) or failed',
    ...changeFields,
    error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
  },
  problems: errorsOf,
};

export const topicsAlter = command({
  name: 'topics alter',
  summary: 'Change configs and the number of partitions of topics',
  description:
    'Only the configs you name change, even if another process changes others at the same time. Topics are altered one by one; one failure does not stop the others, and the exit code is then 3. Partitions can be added but never removed; afterwards records with the same key may go to another partition than before.',
  args: { topics: variadicArgument('topic', 'name of a topic', true, { complete: 'topic' }) },
  options: {
    partitions: option('-p, --partitions <n>', 'the new number of partitions; it can only grow', positiveNumber),
    retention: option('--retention <duration>', 'how long records are kept: 7d, 12h, forever (retention.ms)', duration),
    retentionBytes: option(
      '--retention-bytes <size>',
      'how much of each partition is kept: 1GiB, unlimited (retention.bytes)',
      size,
    ),
    cleanupPolicy: option('--cleanup-policy <policy>', 'what happens to old records (cleanup.policy)', choice(cleanupPolicies)),
    ...changeOptions,
  },
  shows,
  examples: [
    { line: 'kt topics alter orders --retention 3d', does: 'keep the records of a topic for three days' },
    { line: 'kt topics alter orders payments --delete-config retention.ms', does: "go back to the brokers' retention" },
    { line: 'kt topics alter users --append-config cleanup.policy=compact --dry-run', does: 'check a change of a list' },
    { line: 'kt topics alter orders --partitions 24', does: 'add partitions' },
  ],
  async run({ cluster, warn }, { topics }, { partitions, dryRun, ...options }) {
    const changes = {
      partitions,
      configs: configChanges({ ...options, config: [...topicConfigs(options)] }),
    };
    requirePartitionCount(partitions);
    requireAlterable(topics, changes);
    const altered = await alterTopics(await cluster(), new Map(topics.map((topic) => [topic, changes])), { dryRun });
    const grown = altered.filter(
      ({ status, changes: made }) => status !== 'failed' && made.some(({ name }) => name === 'partitions'),
    );
    if (grown.length > 0) {
      const names = grown.map(({ topic }) => topic).join(', ');
      warn(
        `${names}: keyed records ${dryRun ? 'would' : 'may now'} go to another partition than before (the partition depends on how many there are)`,
      );
    }
    return altered;
  },
});
