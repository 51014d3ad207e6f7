/** Reading a topic from the beginning into a file: values, and whole records as JSON. */
import { fullTopic, valuesTopic } from '../data.ts';
import { kcat, kts } from '../programs.ts';
import { size, sortedLines, sortedRecords } from '../proof.ts';
import { kafkactl, kcl, rival } from '../rivals.ts';
import type { Budget, Contender, Row, Setting } from '../row.ts';
import { base, describeShape, recordCount, type Shape } from '../shape.ts';

const memoryBudgets: readonly Budget[] = ['kt', 'kt on Node'].map((of) => ({ of, belowMb: 200 }));

/** Values of one shape; the base case has more rivals and harder budgets. */
export function tailRow({ cluster, scale }: Setting, shape: Shape): Row {
  const isBase = shape === base;
  const topic = `bench-values-${shape.name || 'base'}`;
  const count = recordCount(shape, scale.tailRecords);
  const servers = cluster.bootstrapServers;
  const read = ['-C', '-t', topic, '-o', 'beginning', '-e', '-q'];
  const consume = ['--topic', topic, '--from-beginning', '--max-messages', String(count), '--timeout-ms', '60000'];
  const onlyBase: readonly Contender[] = [
    { name: 'kcat', command: () => kcat(servers, ...read) },
    ...rival('kaf', { command: () => ['kaf', '-b', servers, 'consume', topic, '--output', 'raw'], maxRuns: 3 }),
    ...rival('kafkactl', { command: () => kafkactl(servers, 'consume', topic, '-b', '-e'), maxRuns: 3 }),
  ];
  const consoleConsumer: Contender = {
    name: 'console consumer',
    command: () => cluster.kafkaTool('kafka-console-consumer', ...consume),
    maxRuns: 3,
  };
  return {
    title: `Tail ${count.toLocaleString('en')} records from the beginning, values to a file: ${describeShape(shape)}`,
    records: count,
    runs: isBase ? scale.runs.long : scale.runs.variant,
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
      ...(shape.javaTools ? [consoleConsumer] : []),
    ],
    proof: sortedLines,
    check: size,
    budgets: isBase
      ? [{ of: 'kt', atLeast: 2, rival: 'kcat' }, { of: 'kt', atLeast: 6, rival: 'console consumer' }, ...memoryBudgets]
      : [{ of: 'kt', atLeast: 1, rival: 'kcat, tuned' }, ...memoryBudgets],
  };
}

/** Records with key and header as JSON. */
export function tailJsonRow({ cluster, scale }: Setting): Row {
  const topic = 'bench-full';
  const count = scale.tailRecords;
  const servers = cluster.bootstrapServers;
  const read = ['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-J'];
  const tuning = ['-X', 'fetch.wait.max.ms=10', '-X', 'queued.min.messages=10000000'];
  return {
    title: `Tail ${count.toLocaleString('en')} records as JSON with key, header, timestamp and 100 B of value, to a file`,
    records: count,
    runs: scale.runs.long,
    setup: () => fullTopic(cluster, topic, count),
    contenders: [
      ...kts.map(([name, program]) => ({
        name,
        command: () => [...program, 'tail', topic, '--from-beginning', '-e', '-o', 'json', '-b', servers],
      })),
      { name: 'kcat -J', command: () => kcat(servers, ...read), maxRuns: 3 },
      { name: 'kcat -J, tuned', command: () => kcat(servers, ...read, ...tuning) },
    ],
    proof: sortedRecords,
    check: size,
    budgets: [{ of: 'kt', atLeast: 5, rival: 'kcat -J' }, { of: 'kt', atLeast: 1, rival: 'kcat -J, tuned' }, ...memoryBudgets],
  };
}
