/** A cluster with thousands of partitions: listing, describing, checking and comparing all of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { kcat, kt, kts } from '../programs.ts';
import { kafkactl, kcl, rival } from '../rivals.ts';
import type { Contender, Row, Setting } from '../row.ts';
import { workDirectory } from '../work.ts';

const partitionsOfEach = 5;
const prefix = 'bench-many-';
const file = join(workDirectory, 'many-topics.yaml');

function topicNames({ scale }: Setting): readonly string[] {
  return Array.from({ length: scale.topics }, (_, index) => `${prefix}${String(index).padStart(4, '0')}`);
}

/** Creates the topics unless they exist: the rows of a run share them. One replica each, since small brokers have to hold them all. */
async function topics(setting: Setting): Promise<void> {
  const entries = topicNames(setting).map(
    (name) =>
      `- name: ${name}\n  partitions: ${partitionsOfEach}\n  replicationFactor: 1\n  configs:\n    retention.ms: 86400000\n`,
  );
  writeFileSync(file, `topics:\n${entries.join('')}`);
  const words = ['-b', setting.cluster.bootstrapServers, '--timeout', '5m', 'topics', 'apply', '-f', file];
  await kt(...words);
  for (let checked = false; !checked; ) {
    // A broker may not know the last topics yet.
    checked = await kt(...words, '--check').then(
      () => true,
      () => delay(500, false),
    );
  }
}

function title(what: string, { scale }: Setting): string {
  return `${what} ${scale.topics} topics with ${scale.topics * partitionsOfEach} partitions, 3 brokers`;
}

function ktWith(setting: Setting, ...words: readonly string[]): readonly Contender[] {
  return kts.map(([name, program]) => ({
    name,
    command: () => [...program, ...words, '-b', setting.cluster.bootstrapServers],
  }));
}

export function manyListedRow(setting: Setting): Row {
  const { cluster, scale } = setting;
  const servers = cluster.bootstrapServers;
  return {
    title: title('List', setting),
    runs: scale.runs.long,
    setup: () => topics(setting),
    contenders: [
      ...ktWith(setting, 'topics', 'list'),
      { name: 'kcat -L', command: () => kcat(servers, '-L') },
      ...rival('kcl', { command: () => kcl(servers, 'topic', 'list') }),
      ...rival('kafkactl', { command: () => kafkactl(servers, 'get', 'topics') }),
      { name: 'kafka-topics', command: () => cluster.kafkaTool('kafka-topics', '--list') },
    ],
    proof: listed,
    check: listed,
    budgets: [
      { of: 'kt', atLeast: 5, rival: 'kafka-topics' },
      { of: 'kt', atLeast: 1, rival: 'kcl' },
      { of: 'kt', belowMb: 150 },
    ],
  };
}

export function manyDescribedRow(setting: Setting): Row {
  const { cluster, scale } = setting;
  return {
    title: title('Describe', setting),
    runs: scale.runs.long,
    setup: () => topics(setting),
    contenders: [
      ...ktWith(setting, 'topics', 'describe'),
      { name: 'kafka-topics', command: () => cluster.kafkaTool('kafka-topics', '--describe') },
    ],
    proof: described,
    check: described,
    budgets: [
      { of: 'kt', atLeast: 5, rival: 'kafka-topics' },
      { of: 'kt', belowMb: 150 },
    ],
  };
}

/** kafka-topics finds only unhealthy partitions; of what else kt checks, log directories take another of Kafka's tools. */
export function manyHealthRow(setting: Setting): Row {
  const { cluster, scale } = setting;
  return {
    title: title('Health of', setting),
    runs: scale.runs.long,
    setup: () => topics(setting),
    contenders: [
      ...ktWith(setting, 'cluster', 'health'),
      {
        name: 'kafka-topics --under-min-isr-partitions',
        command: () => cluster.kafkaTool('kafka-topics', '--describe', '--under-min-isr-partitions'),
      },
    ],
    budgets: [
      { of: 'kt', atLeast: 5, rival: 'kafka-topics --under-min-isr-partitions' },
      { of: 'kt', belowMb: 150 },
    ],
  };
}

/** None of Kafka's tools compares; a script would compare with the description of all topics. */
export function manyCheckedRow(setting: Setting): Row {
  const { cluster, scale } = setting;
  return {
    title: title('Check against a file', setting),
    runs: scale.runs.long,
    setup: () => topics(setting),
    contenders: [
      ...ktWith(setting, 'topics', 'apply', '-f', file, '--check'),
      { name: 'kafka-topics --describe', command: () => cluster.kafkaTool('kafka-topics', '--describe') },
    ],
    budgets: [
      { of: 'kt', atLeast: 2, rival: 'kafka-topics --describe' },
      { of: 'kt', belowMb: 150 },
    ],
  };
}

/** The number of names in any tool's output, and the last name. */
async function listed(output: string): Promise<string> {
  const names = new Set(readFileSync(output, 'latin1').match(new RegExp(`${prefix}\\d{4}`, 'g')));
  return `${names.size} topics to ${[...names].sort().at(-1)}`;
}

/** Topic, partition, leader, replicas and in-sync replicas, as kt and kafka-topics show them. */
async function described(output: string): Promise<string> {
  const found: string[] = [];
  let topic = '';
  for (const line of readFileSync(output, 'latin1').split('\n')) {
    topic =
      /^topic: +(\S+)|^\s*Topic: (\S+)/
        .exec(line)
        ?.slice(1)
        .find((name) => name !== undefined) ?? topic;
    const numbers =
      /^ +(\d+) +(\d+) +([\d,]+) +([\d,]+) /.exec(line) ??
      /Partition: (\d+)\tLeader: (\d+)\tReplicas: (\S+)\tIsr: (\S+)/.exec(line);
    // Earlier rows left other topics.
    if (numbers && topic.startsWith(prefix)) found.push([topic, ...numbers.slice(1)].join(' '));
  }
  return found.sort().join('\n');
}
