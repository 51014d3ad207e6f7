/** Writing a file of lines, each run to a new topic; every program with acks from all and idempotent. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createTopic, valuesFile } from '../data.ts';
import { timed } from '../measure.ts';
import { kcat, kt, kts } from '../programs.ts';
import { sortedLines } from '../proof.ts';
import { kcl, rival } from '../rivals.ts';
import type { Contender, Row, Setting } from '../row.ts';
import { workDirectory } from '../work.ts';

export async function produceRow({ cluster, scale }: Setting): Promise<Row> {
  const count = scale.producedRecords;
  const file = await valuesFile(count);
  const servers = cluster.bootstrapServers;
  const topicOf = (turn: number) => `bench-produced-${turn}`;
  const around: Pick<Contender, 'before' | 'after'> = {
    before: (turn) => createTopic(cluster, topicOf(turn)),
    after: (turn) => kt('-b', servers, 'topics', 'delete', topicOf(turn), '--yes'),
  };
  const safely = ['-X', 'acks=all', '-X', 'enable.idempotence=true'];
  return {
    title: `Produce ${count.toLocaleString('en')} lines of 100 B from a file, acks=all, idempotent`,
    records: count,
    runs: scale.runs.long,
    contenders: [
      ...kts.map(([name, program]) => ({
        name,
        command: (turn: number) => [...program, 'produce', topicOf(turn), '--file', file, '-b', servers],
        ...around,
      })),
      { name: 'kcat', command: (turn) => kcat(servers, '-P', '-t', topicOf(turn), '-l', file, ...safely), ...around },
      // acks=all and idempotence are its defaults.
      ...rival('kcl', {
        command: (turn) => kcl(servers, 'produce', topicOf(turn), '-z', 'none'),
        stdin: file,
        ...around,
      }),
      {
        name: 'console producer',
        // acks=all and idempotence are its defaults since Kafka 3.0 (KIP-679).
        command: (turn) => cluster.javaTool('ConsoleProducer', ['--topic', topicOf(turn)]),
        stdin: file,
        maxRuns: 3,
        ...around,
      },
    ],
    async proof(_, turn) {
      const output = join(workDirectory, 'read-back');
      const command = kcat(servers, '-C', '-t', topicOf(turn), '-o', 'beginning', '-e', '-q');
      await timed({ command, output });
      return sortedLines(output);
    },
    async check(_, turn) {
      const described = execFileSync(kts[0]![1][0]!, ['topics', 'describe', topicOf(turn), '-o', 'json', '-b', servers]);
      const [{ partitions }] = JSON.parse(described.toString());
      return `${partitions.reduce((sum: number, each: { records: number }) => sum + each.records, 0)} records`;
    },
    budgets: [
      { of: 'kt', atLeast: 1, rival: 'kcat', by: 'design' },
      { of: 'kt', atLeast: 2, rival: 'console producer', by: 'design' },
    ],
  };
}
