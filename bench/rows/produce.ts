/** Writing a file of lines, each run to a new topic; every program with acks=all, idempotence, and the same codec. */
import { createTopic, valuesFile } from '../data.ts';
import { kcat, kt, kts } from '../programs.ts';
import { sumOfLines } from '../proof.ts';
import { readBack, recordsIn } from '../read-back.ts';
import { kcl, rival } from '../rivals.ts';
import type { Contender, Row, Setting } from '../row.ts';
import { base, describeShape, recordCount, type Shape } from '../shape.ts';

export async function produceRow({ cluster, scale }: Setting, shape: Shape): Promise<Row> {
  const isBase = shape === base;
  const { codec, valueBytes, partitions } = shape;
  const count = recordCount(shape, 'written', scale.producedRecords);
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
    ...around,
  };
  return {
    title: `Produce ${count.toLocaleString('en')} lines from a file, acks=all, idempotent: ${describeShape(shape)}`,
    records: count,
    runs: scale.runs.long,
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
      ...(isBase ? [consoleProducer] : []),
    ],
    proof: async (_, turn) => sumOfLines(await readBack(servers, topicOf(turn))),
    check: async (_, turn) => recordsIn(servers, topicOf(turn)),
    budgets: isBase
      ? [
          { of: 'kt', atLeast: 1.3, rival: 'kcat' },
          { of: 'kt', atLeast: 2, rival: 'console producer' },
        ]
      : [{ of: 'kt', atLeast: 1, rival: 'kcat' }],
  };
}
