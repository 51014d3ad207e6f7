/** `kt cluster log-dirs`: what lies in the log directories of the brokers, and how large it is. */
import { repeatable } from '../../cli/define.ts';
import { text, wholeNumber } from '../../cli/options.ts';
import type { Block, Column, TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { describeLogDirs, type LogDirectory, type LogDirs, type TopicInDirectory } from '../../core/cluster/log-dirs.ts';

type Row = TopicInDirectory & Pick<LogDirectory, 'broker' | 'logDir'>;

const columns: readonly Column<Row>[] = [
  { header: 'BROKER', get: ({ broker }) => broker, wide: true },
  { header: 'LOG-DIR', get: ({ logDir }) => logDir, wide: true },
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'LOGS', get: ({ logs }) => logs },
  { header: 'BYTES', get: ({ bytes }) => bytes, unit: 'bytes' },
];

const shows: TableShape<LogDirs> = {
  kind: 'table',
  tables: [columns],
  blocks: ({ directories }) => directories.map(block),
  names: ({ directories }) => directories.flatMap(({ logDir }) => logDir ?? []),
  json: ({ directories }) => directories,
  problems: ({ directories, problems }) => [...problems, ...directories.flatMap(({ error }) => error ?? [])],
  fields: {
    broker: 'broker id',
    logDir: 'path of the directory on the broker; null when the broker did not answer',
    error: 'why the directory is offline, or why the broker did not answer',
    totalBytes: 'size of its file system; null before Kafka 3.3',
    usableBytes: 'free space of its file system; null before Kafka 3.3',
    cordoned: 'whether new partitions are kept away from it (Kafka 4.3)',
    bytes: 'size of all its logs that are shown',
    'topics[].topic': 'name of the topic; the largest comes first',
    'topics[].logs': "number of its partitions' logs in the directory",
    'topics[].bytes': 'size of these logs',
    'topics[].partitions[].partition': 'number of the partition',
    'topics[].partitions[].bytes': 'size of the log',
    'topics[].partitions[].offsetLag':
      'records it is behind: a follower behind its leader, a future log behind the current one',
    'topics[].partitions[].future': 'whether it is a copy on its way to this directory, not in use yet',
  },
};

export const clusterLogDirs = command({
  name: 'cluster log-dirs',
  summary: 'Show log directories of brokers, and what uses the space',
  description:
    'Offline directories are shown; the exit code is then 3. Sizes are those of the logs on disk, for each replica; in JSON they are per partition.',
  args: {},
  options: {
    topic: repeatable('--topic <topic|pattern>', 'only logs of these topics', text, { complete: 'topic' }),
    broker: repeatable('--broker <id>', 'only this broker', wholeNumber),
  },
  shows,
  examples: [
    { line: 'kt cluster log-dirs', does: 'show which topics use the space on each broker' },
    { line: "kt cluster log-dirs --topic 'orders-*' --broker 1 -o json", does: 'sizes per partition on one broker' },
  ],
  async run({ cluster }, _args, { topic, broker }) {
    return describeLogDirs(await cluster(), { topics: topic, brokers: broker });
  },
});

function block({ broker, logDir, error, totalBytes, usableBytes, cordoned, bytes, topics }: LogDirectory): Block {
  const state = error ? (logDir === null ? 'no answer' : 'offline') : cordoned ? 'cordoned' : 'online';
  return {
    heading: [
      ['broker', broker, 'strong'],
      ['log dir', logDir],
      ['state', state, error ? 'bad' : cordoned ? 'warn' : 'good'],
      ['total bytes', totalBytes, undefined, 'bytes'],
      ['usable bytes', usableBytes, undefined, 'bytes'],
      ['bytes in logs', bytes, undefined, 'bytes'],
    ],
    columns,
    rows: topics.map((topic): Row => ({ broker, logDir, ...topic })),
  };
}
