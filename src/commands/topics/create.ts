/** `kt topics create`: words in, an outcome per topic out. */
import { usageError } from '../../base/errors.ts';
import { isPattern } from '../../base/name-pattern.ts';
import { flag, option, repeatable, variadicArgument } from '../../cli/define.ts';
import { choice, duration, keyValue, positiveNumber, size, text } from '../../cli/options.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type CreateOutcome, createTopics } from '../../core/topics/create.ts';
import { specsLike } from '../../core/topics/like.ts';
import { cleanupPolicies, replicaAssignment, topicSpecs } from '../../core/topics/spec.ts';
import { errorsOf, outcomeColumns } from './outcome.ts';

export const topicsCreate = command({
  name: 'topics create',
  summary: 'Create topics',
  description:
    "Options you leave out use the brokers' defaults. Topics are created one by one; one failure does not stop the others, and the exit code is then 3.",
  args: { topics: variadicArgument('topic', 'name of a new topic', true) },
  options: {
    partitions: option('-p, --partitions <n>', 'number of partitions', positiveNumber, { defaultText: "the brokers' default" }),
    replicationFactor: option('-r, --replication-factor <n>', 'number of replicas of each partition', positiveNumber, {
      defaultText: "the brokers' default",
    }),
    replicaAssignment: option(
      '--replica-assignment <ids>',
      'broker ids of each partition, the preferred leader first: 0:1:2,1:2:0',
      replicaAssignment,
    ),
    retention: option('--retention <duration>', 'how long records are kept: 7d, 12h, forever (retention.ms)', duration, {
      defaultText: "the brokers' default",
    }),
    retentionBytes: option(
      '--retention-bytes <size>',
      'how much of each partition is kept: 1GiB, unlimited (retention.bytes)',
      size,
      {
        defaultText: "the brokers' default",
      },
    ),
    cleanupPolicy: option(
      '--cleanup-policy <policy>',
      'what happens to old records (cleanup.policy)',
      choice(cleanupPolicies),
      { defaultText: "the brokers' default" },
    ),
    config: repeatable('-c, --config <key=value>', 'a topic config; 7d and 1GiB work for configs in ms and bytes', keyValue, {
      complete: 'topic-config',
    }),
    like: option(
      '--like <topic>',
      'partitions, replication factor and configs of this topic, unless options say otherwise',
      text,
      {
        complete: 'topic',
      },
    ),
    ifNotExists: flag('--if-not-exists', 'leave an existing topic as it is, report how it differs, and do not fail'),
    dryRun: flag('--dry-run', 'let the cluster check the topics without creating them'),
  },
  shows: rows<CreateOutcome>({
    columns: [
      ...outcomeColumns<CreateOutcome>(),
      { header: 'PARTITIONS', get: ({ partitions }) => partitions },
      { header: 'REPLICATION-FACTOR', get: ({ replicationFactor }) => replicationFactor },
    ],
    name: ({ topic }) => topic,
    fields: {
      topic: 'name of the topic',
      status: 'created, exists (with --if-not-exists), valid (with --dry-run) or failed',
      partitions: 'number of partitions; null when it failed',
      replicationFactor: 'number of replicas of each partition; null when it failed',
      'differences[].name':
        'with --if-not-exists, how an existing topic differs: partitions, replicationFactor, replicas or a config',
      'differences[].wanted': 'what was asked for',
      'differences[].existing': 'the current value; null when the cluster does not say',
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: errorsOf,
  }),
  examples: [
    {
      line: 'kt topics create orders --partitions 12 --retention 7d',
      does: 'create a topic that keeps records for a week',
    },
    { line: 'kt topics create orders-copy --like orders', does: 'create a topic with the settings of another' },
    { line: 'kt topics create orders payments --if-not-exists', does: 'make sure that two topics exist' },
    {
      line: 'kt topics create users --cleanup-policy compact --config min.insync.replicas=2 --dry-run',
      does: 'check a compacted topic without creating it',
    },
  ],
  async run({ cluster, warn }, { topics }, options) {
    const specs = topicSpecs(topics, options);
    if (options.like !== undefined && isPattern(options.like))
      throw usageError(`--like ${options.like} (a pattern)`, 'name one topic');
    const connected = await cluster();
    const wanted = options.like === undefined ? specs : await specsLike(connected, options.like, specs);
    const outcomes = await createTopics(connected, wanted, {
      ifNotExists: options.ifNotExists,
      dryRun: options.dryRun,
    });
    for (const { topic, differences = [] } of outcomes)
      for (const { name, wanted, existing } of differences)
        warn(
          `topic ${topic} exists and differs (${words[name] ?? name} is ${existing ?? 'unknown'}, not ${wanted}); it was left as it is`,
        );
    return outcomes;
  },
});

const words: Readonly<Record<string, string>> = {
  partitions: 'its number of partitions',
  replicationFactor: 'its replication factor',
  replicas: 'its replica assignment',
};
