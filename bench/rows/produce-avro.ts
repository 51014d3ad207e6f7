/** Writing lines of JSON as Avro, registered with a real registry, beside what Python has for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orderSchema } from '../codecs/order-schema.ts';
import { createTopic, orderLines } from '../data.ts';
import { timed } from '../measure.ts';
import { kt, kts, pythonClient } from '../programs.ts';
import { sumOfLines } from '../proof.ts';
import { recordsIn } from '../read-back.ts';
import type { Contender, Row, Setting } from '../row.ts';
import { workDirectory } from '../work.ts';

export async function produceAvroRow({ cluster, scale }: Setting): Promise<Row> {
  const count = scale.producedRecords / 2;
  const file = await orderLines(count);
  const servers = cluster.bootstrapServers;
  const registry = await cluster.registry();
  const schema = join(workDirectory, 'order.avsc');
  writeFileSync(schema, orderSchema);
  const topicOf = (turn: number) => `bench-produced-avro-${turn}`;
  const around: Pick<Contender, 'stdin' | 'before' | 'after'> = {
    stdin: file,
    before: (turn) => createTopic(cluster, topicOf(turn)),
    after: (turn) => kt('-b', servers, 'topics', 'delete', topicOf(turn), '--yes'),
  };
  const python = pythonClient('produce-avro.py', servers, registry);
  const reached = ['-b', servers, '--registry', registry];
  return {
    title: `Produce ${count.toLocaleString('en')} lines of JSON with 10 fields as Avro, acks=all, idempotent`,
    records: count,
    runs: scale.runs.long,
    contenders: [
      ...kts.map(([name, program]) => ({
        name,
        command: (turn: number) => [...program, ...reached, 'produce', topicOf(turn), '--value-schema', schema, '--register'],
        ...around,
      })),
      {
        name: 'confluent-kafka (Python)',
        command: (turn) => [...python, topicOf(turn), schema],
        ...around,
      },
    ],
    async proof(_, turn) {
      const output = join(workDirectory, 'read-back');
      const read = ['tail', topicOf(turn), '--from-beginning', '-e', '-o', 'value', '--value-format', 'avro'];
      await timed({ command: [...kts[0]![1], ...reached, ...read], output });
      return sumOfLines(output);
    },
    check: async (_, turn) => recordsIn(servers, topicOf(turn)),
    budgets: [
      { of: 'kt', atLeast: 5, rival: 'confluent-kafka (Python)' },
      { of: 'kt', belowMb: 200 },
    ],
  };
}
