/** Copying a topic of records with keys to a new one; kcat does it with two processes and a pipe between them, and keeps nothing but key and value. */
import { createTopic, keyedTopic } from '../data.ts';
import { kcat, kt, kts } from '../programs.ts';
import { sumOfLines } from '../proof.ts';
import { bytesIn, readBack } from '../read-back.ts';
import type { Contender, Row, Setting } from '../row.ts';
import { base } from '../shape.ts';

const topic = 'bench-pipe';
const valueBytes = 72;

export function pipeRow({ cluster, scale }: Setting): Row {
  const count = scale.producedRecords;
  const servers = cluster.bootstrapServers;
  const copyOf = (turn: number) => `bench-piped-${turn}`;
  const around: Pick<Contender, 'before' | 'after'> = {
    before: (turn) => createTopic(cluster, copyOf(turn)),
    after: (turn) => kt('-b', servers, 'topics', 'delete', copyOf(turn), '--yes'),
  };
  return {
    title: `Copy ${count.toLocaleString('en')} records with keys to another topic: ${valueBytes} B, uncompressed, 3 partitions, 1 broker`,
    records: count,
    runs: scale.runs.long,
    setup: () => keyedTopic(cluster, topic, count, { bytes: valueBytes, partitions: base.partitions }),
    contenders: [
      ...kts.map(([name, program]) => ({
        name,
        command: (turn: number) => [...program, 'pipe', topic, copyOf(turn), '--from-beginning', '-e', '-b', servers],
        ...around,
      })),
      {
        name: 'kt --exactly-once',
        command: (turn) => {
          const once = ['--group', copyOf(turn), '--exactly-once'];
          return [...kts[0]![1], 'pipe', topic, copyOf(turn), '--from-beginning', '-e', '-b', servers, ...once];
        },
        ...around,
      },
      {
        name: 'kcat -C | kcat -P',
        command: (turn) => {
          const reads = kcat(servers, '-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-K', '=');
          const writes = kcat(servers, '-P', '-t', copyOf(turn), '-K', '=', '-X', 'acks=all', '-X', 'enable.idempotence=true');
          return ['sh', '-c', `${reads.join(' ')} | ${writes.join(' ')}`];
        },
        ...around,
      },
    ],
    proof: async (_, turn) => sumOfLines(await readBack(servers, copyOf(turn), '-K', '#')),
    check: async (_, turn) => bytesIn(servers, copyOf(turn)),
    budgets: [{ of: 'kt', atLeast: 2, rival: 'kcat -C | kcat -P' }],
  };
}
