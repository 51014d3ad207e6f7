/** Listing topics: start-up, connecting and one answer. */
import { readFileSync } from 'node:fs';
import { encodeFrame } from '../../src/kafka/wire/frame.ts';
import { compiled, kcat, kt, kts } from '../programs.ts';
import { kaf, kafkactl, kcl, rival } from '../rivals.ts';
import type { Row, Setting } from '../row.ts';

const topicCount = 20;
const prefix = 'bench-listed-';

export async function topicsRow({ cluster, scale }: Setting): Promise<Row> {
  const servers = cluster.bootstrapServers;
  const floor = await compiled('floor/metadata.ts');
  const request = encodeFrame({
    api: 'Metadata',
    version: 12,
    correlationId: 1,
    clientId: 'bench',
    body: { topics: null, allowAutoTopicCreation: false },
  });
  const names = Array.from({ length: topicCount }, (_, index) => `${prefix}${String(index).padStart(2, '0')}`);
  return {
    title: `List ${topicCount} topics`,
    runs: scale.runs.short,
    setup: () => kt('-b', servers, 'topics', 'create', ...names, '--partitions', '3'),
    contenders: [
      ...kts.map(([name, program]) => ({ name, command: () => [...program, 'topics', 'list', '-b', servers] })),
      { name: 'kcat -L', command: () => kcat(servers, '-L') },
      ...rival('kcl', { command: () => kcl(servers, 'topic', 'list') }),
      ...rival('kaf', { command: () => kaf(servers, 'topics') }),
      ...rival('kafkactl', { command: () => kafkactl(servers, 'get', 'topics') }),
      ...rival('rpk', { command: () => ['rpk', 'topic', 'list', '-X', `brokers=${servers}`] }),
      { name: 'bare Bun socket', command: () => [floor, servers.split(':').at(-1)!, request.toString('hex')] },
      { name: 'kafka-topics', command: () => cluster.kafkaTool('kafka-topics', '--list') },
    ],
    proof: listedTopics,
    check: listedTopics,
    budgets: [
      { of: 'kt', atLeast: 0.55, rival: 'kcat -L' },
      { of: 'kt', atLeast: 1, rival: 'kaf' },
      { of: 'kt', atLeast: 1, rival: 'kafkactl' },
      { of: 'kt', atLeast: 1, rival: 'rpk' },
      { of: 'kt', atLeast: 30, rival: 'kafka-topics' },
      { of: 'kt', atLeast: 0.35, rival: 'bare Bun socket' },
    ],
  };
}

/** The names in any tool's output, in order; in a raw answer the bytes after them may look like digits. */
async function listedTopics(output: string): Promise<string> {
  const found = readFileSync(output, 'latin1').match(new RegExp(`${prefix}\\d\\d`, 'g'));
  return [...new Set(found)].sort().join(' ');
}
