/** Lag of all groups, which takes many requests and waiting. */
import { readFileSync } from 'node:fs';
import { commitOffsets } from '../../test/support/group-offsets.ts';
import { opener } from '../../test/support/group-readers.ts';
import { valuesTopic } from '../data.ts';
import { kt, kts } from '../programs.ts';
import { kcl, rival } from '../rivals.ts';
import type { Row, Setting } from '../row.ts';
import { base } from '../shape.ts';

const topic = 'bench-lag';
const prefix = 'bench-group-';
const recordsRead = 1000;
const atOnce = 8;

export function lagRow({ cluster, scale }: Setting): Row {
  const servers = cluster.bootstrapServers;
  const names = Array.from({ length: scale.groups }, (_, index) => `${prefix}${index}`);
  const proof = (output: string) => committedOffsets(output, topic, prefix);
  const read = ['-b', servers, 'tail', topic, '-e', '--from-beginning', '-n', String(recordsRead), '--commit'];
  return {
    title: `Lag of ${scale.groups} groups`,
    runs: scale.runs.short,
    async setup() {
      await valuesTopic(cluster, topic, recordsRead);
      for (let from = 0; from < names.length; from += atOnce) {
        await Promise.all(names.slice(from, from + atOnce).map((name) => kt(...read, '--group', name)));
      }
    },
    contenders: [
      ...kts.map(([name, program]) => ({ name, command: () => [...program, 'lag', '--all', '-b', servers] })),
      // kt created the groups, so they use KIP-848's protocol.
      ...rival('kcl', { command: () => kcl(servers, 'group', 'describe', '--consumer-protocol') }),
      {
        name: 'kafka-consumer-groups',
        command: () => cluster.kafkaTool('kafka-consumer-groups', '--describe', '--all-groups'),
      },
    ],
    proof,
    check: proof,
    budgets: [
      { of: 'kt', atLeast: 10, rival: 'kafka-consumer-groups' },
      { of: 'kt', atLeast: 1.2, rival: 'kcl' },
    ],
  };
}

interface ManyGroups {
  readonly name: string;
  /** How many times the groups of the first row. */
  readonly times: number;
  readonly partitions: number;
}

/** Ten times as many groups, each with an offset in 20 partitions. */
export function lagWideRow(setting: Setting): Row {
  return manyGroupsRow(setting, { name: 'bench-wide', times: 10, partitions: 20 });
}

/** A hundred times as many, each with an offset in two partitions. */
export function lagManyRow(setting: Setting): Row {
  return manyGroupsRow(setting, { name: 'bench-crowd', times: 100, partitions: 2 });
}

/** Commits offset 0 in all partitions for each group. In this process: one for each of thousands of groups takes minutes. */
async function commitAll(servers: string, names: readonly string[], topic: string, partitions: number): Promise<void> {
  const cluster = await opener(servers)();
  const offsets = Object.fromEntries(Array.from({ length: partitions }, (_, partition) => [partition, 0]));
  for (const name of names) await commitOffsets(cluster, name, topic, offsets);
  await cluster.close();
}

/** Groups without members. */
function manyGroupsRow({ cluster, scale }: Setting, { name, times, partitions }: ManyGroups): Row {
  const servers = cluster.bootstrapServers;
  const prefix = `${name}-group-`;
  const names = Array.from({ length: times * scale.groups }, (_, index) => `${prefix}${index}`);
  const proof = (output: string) => committedOffsets(output, name, prefix);
  return {
    title: `Lag of ${names.length} groups in ${partitions} partitions each`,
    runs: scale.runs.long,
    async setup() {
      await valuesTopic(cluster, name, recordsRead, { ...base, partitions });
      await commitAll(servers, names, name, partitions);
    },
    contenders: [
      ...kts.map(([program, words]) => ({ name: program, command: () => [...words, 'lag', `${prefix}*`, '-b', servers] })),
      ...rival('kcl', { command: () => kcl(servers, 'group', 'describe') }),
      {
        name: 'kafka-consumer-groups',
        command: () => cluster.kafkaTool('kafka-consumer-groups', '--describe', '--all-groups'),
      },
    ],
    proof,
    check: proof,
    budgets: [
      { of: 'kt', atLeast: 10, rival: 'kafka-consumer-groups' },
      { of: 'kt', belowMb: 200 },
    ],
  };
}

/** Group, partition, committed offset, end offset and lag, in any tool's output. */
async function committedOffsets(output: string, topic: string, prefix: string): Promise<string> {
  const found: string[] = [];
  let group = '';
  for (const line of readFileSync(output, 'latin1').split('\n')) {
    group = new RegExp(`${prefix}\\d+`).exec(line)?.[0] ?? group;
    const numbers = new RegExp(`${topic}((?:\\s+\\d+){4})`).exec(line)?.[1];
    // In one run of many kcl printed every row twice, in another one rows before the first group's name.
    if (numbers !== undefined && group !== '') found.push(group + numbers.replace(/\s+/g, ' '));
  }
  return [...new Set(found)].sort().join('\n');
}
