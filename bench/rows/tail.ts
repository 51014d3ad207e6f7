/** Reading a topic from the beginning into a file: values, and whole records as JSON. */
import { fullTopic, valuesTopic, writeFullTopic } from '../data.ts';
import { kcat, kcatTuning, kts } from '../programs.ts';
import { size, sumOfLines, sumOfRecords } from '../proof.ts';
import { kaf, kafkactl, kcl, rival } from '../rivals.ts';
import type { Budget, Contender, Row, Setting } from '../row.ts';
import { base, describeShape, recordCount, type Shape } from '../shape.ts';

const memoryBudgets: readonly Budget[] = ['kt', 'kt on Node'].map((of) => ({ of, belowMb: 200 }));

/** Values of one shape; the base case has more rivals and harder budgets. */
export function tailRow({ cluster, scale }: Setting, shape: Shape): Row {
  const isBase = shape === base;
  const topic = `bench-values-${shape.name || 'base'}`;
  const count = recordCount(shape, 'read', scale.tailRecords);
  const servers = cluster.bootstrapServers;
  const read = ['-C', '-t', topic, '-o', 'beginning', '-e', '-q'];
  const consume = ['--topic', topic, '--from-beginning', '--max-messages', String(count), '--timeout-ms', '60000'];
  const onlyBase: readonly Contender[] = [
    { name: 'kcat', command: () => kcat(servers, ...read) },
    ...rival('kaf', { command: () => kaf(servers, 'consume', topic, '--output', 'raw') }),
    ...rival('kafkactl', { command: () => kafkactl(servers, 'consume', topic, '-b', '-e') }),
  ];
  const consoleConsumer: Contender = {
    name: 'console consumer',
    command: () => cluster.kafkaTool('kafka-console-consumer', ...consume),
  };
  return {
    title: `Tail ${count.toLocaleString('en')} records from the beginning, values to a file: ${describeShape(shape)}`,
    records: count,
    runs: scale.runs.long,
    setup: () => valuesTopic(cluster, topic, count, shape),
    contenders: [
      ...kts.map(([name, program]) => ({
        name,
        command: () => [...program, 'tail', topic, '--from-beginning', '-e', '-b', servers],
      })),
      ...(isBase ? onlyBase : []),
      { name: 'kcat, tuned', command: () => kcat(servers, ...read, '-X', 'fetch.wait.max.ms=10') },
      // With `-o :end`, its own way to stop, it was seen to wait after the last record.
      ...rival('kcl', { command: () => kcl(servers, 'consume', topic, '-n', String(count)) }),
      ...(isBase ? [consoleConsumer] : []),
    ],
    proof: sumOfLines,
    check: size,
    budgets: isBase
      ? [{ of: 'kt', atLeast: 2, rival: 'kcat' }, { of: 'kt', atLeast: 6, rival: 'console consumer' }, ...memoryBudgets]
      : [{ of: 'kt', atLeast: 1, rival: 'kcat, tuned' }, ...memoryBudgets],
  };
}

/** Records with key and header as JSON. */
export function tailJsonRow({ cluster, scale }: Setting): Row {
  const count = scale.tailRecords / 2;
  const servers = cluster.bootstrapServers;
  const topic = fullTopic;
  const read = ['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-J'];
  return {
    title: `Tail ${count.toLocaleString('en')} records as JSON with key, header, timestamp and 100 B of value, to a file`,
    records: count,
    runs: scale.runs.long,
    setup: () => writeFullTopic(cluster, count),
    contenders: [
      ...kts.map(([name, program]) => ({
        name,
        command: () => [...program, 'tail', topic, '--from-beginning', '-e', '-o', 'json', '-b', servers],
      })),
      { name: 'kcat -J', command: () => kcat(servers, ...read) },
      { name: 'kcat -J, tuned', command: () => kcat(servers, ...read, ...kcatTuning) },
    ],
    proof: sumOfRecords,
    check: size,
    budgets: [{ of: 'kt', atLeast: 4, rival: 'kcat -J, tuned' }, { of: 'kt', atLeast: 5, rival: 'kcat -J' }, ...memoryBudgets],
  };
}
