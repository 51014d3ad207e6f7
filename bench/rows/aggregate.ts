/** Revenue by category and minute of a topic of orders: beside reading the same records with a filter, and into a topic beside stream processors. */
import { execFileSync } from 'node:child_process';
import { flinkVersion } from '../../test/support/flink.ts';
import { createTopic, ordersTopic as topic, writeOrders } from '../data.ts';
import { flinkJob, flinkRun, prepareStreams, streamsCommand, streamsVersion } from '../engines.ts';
import { kt, kts } from '../programs.ts';
import { lastResults, size } from '../proof.ts';
import { readBack } from '../read-back.ts';
import type { Contender, Row, Setting } from '../row.ts';

const measures = ['--by', 'value.category', '--window', '1m', '--count', '--sum', 'revenue=value.total'];

export function aggregateRow({ cluster, scale }: Setting): Row {
  const count = scale.tailRecords / 2;
  const whole = [topic, '--from-beginning', '-e', '-b', cluster.bootstrapServers];
  const contender = (name: string, program: readonly string[], ...words: readonly string[]): Contender => {
    return { name, command: () => [...program, ...words] };
  };
  const [binary] = kts;
  return {
    title: `Revenue by category and minute of ${count.toLocaleString('en')} orders`,
    records: count,
    runs: scale.runs.long,
    setup: () => writeOrders(cluster, count),
    contenders: [
      ...kts.map(([name, program]) => contender(name, program, 'aggregate', ...whole, ...measures, '-o', 'json')),
      contender('kt tail --where', binary![1], 'tail', ...whole, '--where', 'value.total > 999.5'),
    ],
    check: size,
    // At most one and a half times as long.
    budgets: [
      { of: 'kt', atLeast: 0.67, rival: 'kt tail --where' },
      { of: 'kt', belowMb: 250 },
    ],
  };
}

/** Exactly once, with their state in topics: all three go on where they stopped when they are killed. */
export function aggregateIntoRow({ cluster, scale }: Setting): Row {
  const count = scale.tailRecords / 2;
  const { bootstrapServers: servers, classpath } = cluster;
  const results = (turn: number) => `bench-revenue-${turn}`;
  const words = ['aggregate', topic, '--from-beginning', '-e', '-b', servers, ...measures];
  const around: Pick<Contender, 'before' | 'after'> = {
    before: (turn) => createTopic(cluster, results(turn), 1, '--retention', 'forever'),
    // The topics of their state have names that begin so.
    after: (turn) => kt('-b', servers, 'topics', 'delete', `${results(turn)}*`, '--yes'),
  };
  const lastOf = async (turn: number) => lastResults(await readBack(servers, results(turn)));
  return {
    title: `Revenue by category and minute of ${count.toLocaleString('en')} orders, exactly once into a topic (Kafka Streams ${streamsVersion}, Flink ${flinkVersion})`,
    records: count,
    runs: scale.runs.long,
    async setup() {
      await writeOrders(cluster, count);
      prepareStreams(classpath);
    },
    contenders: [
      ...kts.map(([name, program]) => ({
        name,
        command: (turn: number) => [...program, ...words, '--into', results(turn), '--group', results(turn)],
        ...around,
      })),
      {
        name: 'Kafka Streams',
        command: (turn) => streamsCommand(classpath, servers, topic, results(turn)),
        ...around,
      },
      {
        name: 'Flink in one JVM',
        command: (turn) => flinkRun(results(turn)),
        ...around,
        async before(turn) {
          await around.before!(turn);
          const print = [...words, '--into', results(turn), '--print', 'flink-sql'];
          flinkJob(results(turn), execFileSync(kts[0]![1][0]!, print, { encoding: 'utf8' }));
        },
      },
    ],
    proof: (_, turn) => lastOf(turn),
    check: (_, turn) => lastOf(turn),
    budgets: [
      { of: 'kt', atLeast: 5, rival: 'Kafka Streams' },
      { of: 'kt', atLeast: 5, rival: 'Flink in one JVM' },
    ],
  };
}
