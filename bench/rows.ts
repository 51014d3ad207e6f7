/** What is measured: each row's work, who does it, and what kt has promised (design.md's budgets). */
import { join } from 'node:path';
import type { Contender } from './measure.ts';

/** kt (the binary) is at least `times` as fast as the contender of this name. */
export interface Budget {
  readonly rival: string;
  readonly times: number;
}

export interface Row {
  readonly name: string;
  readonly contenders: readonly Contender[];
  readonly budgets: readonly Budget[];
  /** Runs of each contender; slow ones (a JVM's) get fewer. */
  readonly runs: number;
  /** All outputs must hold the same lines in any order, or (`count`) as many. */
  readonly same: 'lines' | 'count' | 'nothing';
}

export interface Setting {
  readonly root: string;
  readonly bootstrapServers: string;
  readonly classpath: string;
  /** Records of the topics to be read, and lines of the file to be written. */
  readonly tailed: number;
  readonly produced: number;
  readonly lineFile: string;
  readonly emptyProgram: string;
}

export const topics = { values: 'bench-values', events: 'bench-events', target: 'bench-target' } as const;

/** The rows, in the order of design.md. */
export function rowsOf(setting: Setting): readonly Row[] {
  const { root, bootstrapServers, classpath, tailed, lineFile, emptyProgram } = setting;
  const binary = join(root, 'dist/kt');
  const package_ = [process.execPath, join(root, 'bin/kt.js')];
  const java = (tool: string, ...args: readonly string[]) => [
    'java',
    '-cp',
    classpath,
    `org.apache.kafka.tools.${tool}`,
    '--bootstrap-server',
    bootstrapServers,
    ...args,
  ];
  const both = (...args: readonly string[]): Contender[] => [
    { name: 'kt', command: [binary, ...args, '-b', bootstrapServers] },
    { name: 'kt on Node', command: [...package_, ...args, '-b', bootstrapServers] },
  ];
  const kcat = (...args: readonly string[]) => ['kcat', '-b', bootstrapServers, ...args];
  const consume = (topic: string) => ['-C', '-t', topic, '-o', 'beginning', '-e', '-q'];
  return [
    {
      name: `tail ${tailed.toLocaleString('en')} × 100 B, values, to a file`,
      contenders: [
        ...both('tail', topics.values, '--from-beginning', '-e', '-o', 'value'),
        { name: 'kcat', command: kcat(...consume(topics.values)) },
        { name: 'kcat (fetch.wait.max.ms=10)', command: kcat(...consume(topics.values), '-X', 'fetch.wait.max.ms=10') },
        {
          name: 'console consumer',
          command: java(
            'consumer.ConsoleConsumer',
            '--topic',
            topics.values,
            '--from-beginning',
            '--max-messages',
            String(tailed),
          ),
        },
      ],
      budgets: [
        { rival: 'kcat', times: 2 },
        { rival: 'console consumer', times: 6 },
      ],
      runs: 5,
      same: 'lines',
    },
    {
      name: `the same as JSON with key, header and timestamp`,
      contenders: [
        ...both('tail', topics.events, '--from-beginning', '-e', '-o', 'json'),
        { name: 'kcat -J', command: kcat(...consume(topics.events), '-J') },
        {
          name: 'kcat -J (queued.min.messages)',
          command: kcat(...consume(topics.events), '-J', '-X', 'queued.min.messages=10000000'),
        },
      ],
      budgets: [
        { rival: 'kcat -J', times: 5 },
        { rival: 'kcat -J (queued.min.messages)', times: 1 },
      ],
      runs: 3,
      same: 'count',
    },
    {
      name: `produce ${setting.produced.toLocaleString('en')} lines × 100 B from a file, acks=all, idempotent`,
      contenders: [
        ...both('produce', topics.target, '--file', lineFile),
        {
          name: 'kcat -P',
          command: kcat('-P', '-t', topics.target, '-X', 'enable.idempotence=true', '-X', 'acks=all', '-l', lineFile),
        },
        {
          name: 'console producer',
          command: java('ConsoleProducer', '--topic', topics.target, '--producer-property', 'enable.idempotence=true'),
          stdin: lineFile,
        },
      ],
      budgets: [
        { rival: 'kcat -P', times: 1 },
        { rival: 'console producer', times: 2 },
      ],
      runs: 5,
      same: 'nothing',
    },
    {
      name: 'topics list, 20 topics',
      contenders: [
        ...both('topics', 'list'),
        { name: 'kcat -L', command: kcat('-L') },
        { name: 'kafka-topics', command: java('TopicCommand', '--list') },
      ],
      budgets: [{ rival: 'kafka-topics', times: 25 }],
      runs: 15,
      same: 'nothing',
    },
    {
      name: 'start-up: --help',
      contenders: [
        { name: 'kt', command: [binary, '--help'] },
        { name: 'kt on Node', command: [...package_, '--help'] },
        { name: 'an empty Bun program', command: [emptyProgram] },
        { name: 'node -e 0', command: [process.execPath, '-e', '0'] },
      ],
      budgets: [{ rival: 'an empty Bun program', times: 0.5 }],
      runs: 21,
      same: 'nothing',
    },
  ];
}
