/** `kt topics offsets`: which offset stands at a position. */
import { usageError } from '../../base/errors.ts';
import { isoTime } from '../../base/iso-time.ts';
import { option, repeatable, variadicArgument } from '../../cli/define.ts';
import { position, positionWords, wholeNumber } from '../../cli/options.ts';
import type { Column, TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type NewerSpec, newerSpecs } from '../../core/offsets/list.ts';
import { type AskedPosition, type PartitionOffset, type TopicOffsets, topicOffsets } from '../../core/topics/offsets.ts';
import { partitionName } from '../../kafka/routing.ts';
import { selectionsOf } from '../selections.ts';

const columns: readonly Column<PartitionOffset>[] = [
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'PARTITION', get: ({ partition }) => partition },
  { header: 'OFFSET', get: ({ offset }) => offset },
  { header: 'TIMESTAMP', get: ({ timestamp }) => (timestamp === null ? null : isoTime(timestamp)) },
];

const shows: TableShape<TopicOffsets> = {
  kind: 'table',
  isList: true,
  blocks: ({ offsets }) => [{ columns, rows: offsets }],
  names: ({ offsets }) => offsets.map(partitionName),
  json: ({ offsets }) => offsets,
  problems: ({ problems }) => problems,
  fields: {
    topic: 'name of the topic',
    partition: 'number of the partition',
    offset:
      'the offset at the position; null when the leader does not answer or names a deleted offset, or when there is none: no record, nothing in tiered storage',
    timestamp: 'epoch ms of the record there, for @TIME and max-timestamp; otherwise null',
  },
};

const newerNames = Object.keys(newerSpecs).join(', ');

const asked = Object.assign(readAsked, { suggests: [...positionWords, ...Object.keys(newerSpecs)] });

export const topicsOffsets = command({
  name: 'topics offsets',
  summary: 'Show the offset at a position',
  description:
    'Positions are beginning, end (the offset after the last record, including open transactions), -N (the last N), @TIME or a time ago such as -1h (the first record at that time or later; the end if there is none), max-timestamp (the record with the latest timestamp), and with tiered storage earliest-local (the first offset on the broker), latest-tiered (the last in tiered storage) and earliest-pending-upload (the next to go there).',
  args: {
    topics: variadicArgument(
      'topic|pattern',
      'a topic name, a glob or a regular expression; orders:0,3 for some partitions',
      true,
      { complete: 'topic' },
    ),
  },
  options: {
    at: option('--at <position>', `the position: beginning, end, -N, @TIME, -1h, ${newerNames}`, asked, {
      defaultText: 'end',
    }),
    partition: repeatable('-p, --partition <n>', 'only this partition', wholeNumber),
  },
  shows,
  examples: [
    { line: 'kt topics offsets orders', does: 'show the end of each partition' },
    { line: 'kt topics offsets orders --at @2026-01-31T09:30:00Z', does: 'find the first records since a time' },
    { line: 'kt topics offsets orders payments --at max-timestamp', does: 'show the records with the latest timestamps' },
  ],
  async run({ cluster }, { topics }, { at, partition }) {
    return topicOffsets(await cluster(), selectionsOf(topics, partition), at ?? { at: 'end' });
  },
});

function readAsked(value: string): AskedPosition {
  if (Object.hasOwn(newerSpecs, value)) return { at: value as NewerSpec };
  const read = position(value);
  if (read.at === 'offset')
    throw usageError(`${value} (is already an offset)`, `give beginning, end, -N, @TIME, -1h, ${newerNames}`);
  return read;
}
