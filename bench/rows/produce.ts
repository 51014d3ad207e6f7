/** Writing a file of lines, each run to a new topic; every program with acks=all, idempotence, and the same codec. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createTopic, valuesFile } from '../data.ts';
import { timed } from '../measure.ts';
import { kcat, kt, kts } from '../programs.ts';
import { sortedLines } from '../proof.ts';
import { kcl, rival } from '../rivals.ts';
import type { Contender, Row, Setting } from '../row.ts';
import { base, describeShape, recordCount, type Shape } from '../shape.ts';
import { workDirectory } from '../work.ts';

export async function produceRow({ cluster, scale }: Setting, shape: Shape): Promise<Row> {
  const { codec, valueBytes, partitions } = shape;
  const count = recordCount(shape, scale.producedRecords);
  const file = await valuesFile(count, valueBytes);
  const servers = cluster.bootstrapServers;
  const topicOf = (turn: number) => `bench-produced-${shape.name || 'base'}-${turn}`;
  const around: Pick<Contender, 'before' | 'after'> = {
    before: (turn) => createTopic(cluster, topicOf(turn), partitions),
    after: (turn) => kt('-b', servers, 'topics', 'delete', topicOf(turn), '--yes'),
  };
  const safely = ['-X', 'acks=all', '-X', 'enable.idempotence=true'];
  const consoleProducer: Contender = {
    name: 'console producer',
    // acks=all and idempotence are its defaults since Kafka 3.0 (KIP-679).
    command: (turn) => cluster.kafkaTool('kafka-console-producer', '--topic', topicOf(turn), '--compression-codec', codec),
    stdin: file,
    maxRuns: 3,
    ...around,
  };
  return {
    title: `Produce ${count.toLocaleString('en')} lines from a file, acks=all, idempotent: ${describeShape(shape)}`,
    records: count,
    runs: shape === base ? scale.runs.long : scale.runs.variant,
    contenders: [
      ...kts.map(([name, program]) => ({
        name,
        command: (turn: number) => {
          const what = [topicOf(turn), '--file', file, '--compression', codec];
          return [...program, 'produce', ...what, '-b', servers];
        },
        ...around,
      })),
      {
        name: 'kcat',
        command: (turn) => kcat(servers, '-P', '-t', topicOf(turn), '-l', file, '-z', codec, ...safely),
        ...around,
      },
      // acks=all and idempotence are its defaults.
      ...rival('kcl', {
        command: (turn) => kcl(servers, 'produce', topicOf(turn), '-z', codec),
        stdin: file,
        ...around,
      }),
      ...(shape.javaTools ? [consoleProducer] : []),
    ],
    async proof(_, turn) {
      const output = join(workDirectory, 'read-back');
      const read = ['-C', '-t', topicOf(turn), '-o', 'beginning', '-e', '-q', '-X', 'fetch.wait.max.ms=10'];
      await timed({ command: kcat(servers, ...read), output });
      return sortedLines(output);
    },
    async check(_, turn) {
      const described = execFileSync(kts[0]![1][0]!, ['topics', 'describe', topicOf(turn), '-o', 'json', '-b', servers]);
      const [topic] = JSON.parse(described.toString());
      return `${topic.partitions.reduce((sum: number, each: { records: number }) => sum + each.records, 0)} records`;
    },
    budgets: [
      { of: 'kt', atLeast: 1, rival: 'kcat' },
      ...(shape === base ? [{ of: 'kt', atLeast: 2, rival: 'console producer' }] : []),
    ],
  };
}
