/** `kt partitions elect-leaders`: gives leadership back to preferred replicas, or to whichever replica is left. */

import { usageError } from '../../base/errors.ts';
import { isPattern } from '../../base/name-pattern.ts';
import { flag, repeatable, variadicArgument } from '../../cli/define.ts';
import { wholeNumber } from '../../cli/options.ts';
import { rows, type Tone } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import {
  type Candidate,
  type ElectionOutcome,
  electLeaders,
  planElection,
  plannedElections,
} from '../../core/partitions/elect-leaders.ts';
import { partitionName } from '../../kafka/routing.ts';
import { selectionsOf } from '../selections.ts';

const tones: Readonly<Record<ElectionOutcome['status'], Tone>> = {
  elected: 'good',
  'not-needed': 'dim',
  valid: 'dim',
  failed: 'bad',
};
/** More partitions than this are counted before the question, not shown. */
const shownPartitions = 20;

export const partitionsElectLeaders = command({
  name: 'partitions elect-leaders',
  summary: 'Elect leaders of partitions: the preferred replicas',
  description:
    'Without a topic: for all partitions not led by their preferred replica (the first of the replicas). A partition that already has the right leader is not-needed, which is no error. With --unclean a partition without a leader gets one that is not in sync: records that only the lost replicas have are lost. That has to be confirmed; without a terminal, add --yes.',
  args: {
    topics: variadicArgument(
      'topic|pattern',
      'a topic name, a glob or a regular expression; orders:0,3 for some partitions',
      false,
      { complete: 'topic' },
    ),
  },
  options: {
    partition: repeatable('-p, --partition <n>', 'only this partition of the topics', wholeNumber),
    unclean: flag('--unclean', 'elect a replica that is not in sync for a partition without a leader; may lose records'),
    dryRun: flag('--dry-run', 'show which elections would be requested, and elect nothing'),
  },
  shows: rows<ElectionOutcome>({
    columns: [
      { header: 'TOPIC', get: ({ topic }) => topic, tone: () => 'strong' },
      { header: 'PARTITION', get: ({ partition }) => partition },
      { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
      { header: 'FROM', get: ({ from }) => from },
      { header: 'TO', get: ({ to }) => to },
    ],
    name: ({ topic, partition }) => (partition === null ? topic : partitionName({ topic, partition })),
    fields: {
      topic: 'name of the topic, or the pattern that matches none',
      partition: 'number of the partition; null for a topic that is not there',
      status: 'elected, not-needed, valid (with --dry-run: would be requested) or failed',
      from: 'broker id of the leader before; null without one',
      to: 'broker id of the leader afterwards; null without one, or when it is not known yet',
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  }),
  examples: [
    {
      line: 'kt partitions elect-leaders',
      does: 'give leadership back to the preferred replicas after brokers were restarted',
    },
    {
      line: 'kt partitions elect-leaders orders:3 --unclean',
      does: 'bring back a partition whose in-sync replicas are lost',
    },
  ],
  async run({ cluster, note, confirm }, { topics }, { partition, unclean, dryRun }) {
    if (partition.length > 0 && topics.length === 0)
      throw usageError('--partition (of which topic?)', 'name the topic: kt partitions elect-leaders TOPIC --partition 0');
    const selections = selectionsOf(topics, partition);
    const connected = await cluster();
    const election = unclean ? 'unclean' : 'preferred';
    const plan = await planElection(connected, { topics: selections, election });
    if (dryRun) return plannedElections(plan);
    if (unclean && plan.candidates.length > 0) {
      for (const candidate of plan.candidates.slice(0, shownPartitions)) note(inWords(candidate));
      if (plan.candidates.length > shownPartitions) note(`… and ${plan.candidates.length - shownPartitions} more`);
      const what =
        plan.candidates.length === 1 ? 'a leader that is' : `leaders for ${plan.candidates.length} partitions that are`;
      await confirm(`Elect ${what} not in sync, losing the records that only the lost replicas have,`, {
        count: plan.candidates.length,
        byPattern: topics.length === 0 || selections.some(({ topic }) => isPattern(topic)),
      });
    }
    return electLeaders(connected, plan);
  },
});

function inWords({ topic, partition, replicas, isr, offline }: Candidate): string {
  const left = replicas.filter((replica) => !offline.includes(replica));
  return `${partitionName({ topic, partition })}: in sync were ${isr.join(', ') || 'none'}; replicas that are left: ${left.join(', ') || 'none'}`;
}
