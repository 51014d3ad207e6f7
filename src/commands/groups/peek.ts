/** `kt groups peek`: the record a group is stuck on in each partition, with its neighbours. */
import { argument, option, repeatable } from '../../cli/define.ts';
import { wholeNumber } from '../../cli/options.ts';
import type { RecordsShape } from '../../cli/shape.ts';
import { type Context, command } from '../../context.ts';
import { besideCommit, type PeekPlace, type PeekPlan, planPeek } from '../../core/groups/peek.ts';
import { partitionsInWords } from '../../kafka/by-topic.ts';
import { peekRecords } from '../../records/peek.ts';
import type { FieldFormats } from '../../records/serde/stream-serdes.ts';
import type { RecordFormat, RecordNotes } from '../../records/stream.ts';
import { fieldReading, tellUnread } from '../reading/field-reading.ts';
import { fieldOptions } from '../reading/options.ts';
import { recordStyle } from '../reading/record-style.ts';
import { topicPartitions } from '../selections.ts';

const defaultNeighbours = 1;

const shows: RecordsShape = {
  kind: 'records',
  problems: ({ problems }) => problems,
  fields: {
    topic: 'topic of the record',
    partition: 'partition of the record',
    offset: 'offset of the record',
    timestamp: 'epoch milliseconds; -1 without one',
    timestampType: 'CreateTime (set by the producer) or LogAppendTime (set by the broker)',
    headers: 'list of {key, value} in the order written; a value can be null',
    key: 'key as text; null without one',
    value: 'value as text; null for a tombstone',
    keyEncoding: 'base64 if the key is not text, or the --key-format that reads it',
    valueEncoding: 'base64 if the value is not text, or the --value-format that reads it',
    group: 'name of the group',
    place: 'next (the record the group reads next), before or after it',
    committedOffset: 'the next offset the group reads; the record there may be compacted away',
    lag: 'records between the committed and the end offset',
    memberId: 'member that is assigned the partition, or null',
    clientId: 'its client id',
    host: 'address it connects from',
  },
};

export const groupsPeek = command({
  name: 'groups peek',
  summary: 'Show the record a group is stuck on in each partition',
  description:
    'Shows the record at the committed offset, which the group reads next, with the records before and after it. Partitions that are read to their end have none. Joins no group and commits nothing. On a terminal records are shown as by kt tail, in a pipe as JSON lines; records of open and aborted transactions are shown too.',
  args: { group: argument('group', 'the name of a group', { complete: 'group' }) },
  options: {
    topic: repeatable('--topic <topic[:p,…]>', 'only this topic, or these partitions of it', topicPartitions, {
      complete: 'topic',
    }),
    neighbours: option('-n, --neighbours <count>', 'number of records to show before and after it', wholeNumber, {
      defaultText: String(defaultNeighbours),
    }),
    ...fieldOptions,
  },
  shows,
  examples: [
    { line: 'kt groups peek billing', does: 'what is each partition of this group stuck on?' },
    { line: 'kt groups peek billing --topic orders:3 -n 5', does: 'one partition, with five records on each side' },
    {
      line: `kt groups peek billing -n 0 -o json | jq -r '[.partition, .offset, .key] | @tsv'`,
      does: 'offsets and keys for a script',
    },
  ],
  async run(context, { group }, { topic, neighbours = defaultNeighbours, ...options }) {
    const cluster = await context.cluster();
    const plan = await planPeek(cluster, group, topic);
    tellOthers(context, group, plan);
    const reading = await fieldReading(context, options, { showsMeaning: true, looksInside: false });
    return {
      batches: peekRecords(cluster, plan.places, neighbours, {
        ...context,
        schemas: reading.schemas,
        maxBatchBytes: options.maxBatchBytes,
      }),
      format: { ...formatOf(context, group, plan, reading), maxBatchBytes: options.maxBatchBytes },
      problems: plan.problems,
      ended: () => tellUnread(context, reading),
    };
  },
});

function formatOf(context: Context, group: string, { places }: PeekPlan, formats: FieldFormats): RecordFormat {
  return { ...recordStyle(context, undefined, 'json'), ...formats, notes: notesOf(group, places) };
}

function notesOf(group: string, places: readonly PeekPlace[]): RecordNotes {
  const beside = besideCommit(places);
  let last: readonly [PeekPlace | undefined, string] = [undefined, ''];
  return {
    lines(record) {
      const [place, where] = beside(record);
      const [lastPlace, lastWhere] = last;
      last = [place, where];
      const isNew = place !== lastPlace;
      const heading = isNew ? [...(lastPlace ? [faint('')] : []), strong(standing(group, place))] : [];
      if (where === 'next') {
        const missing = record.exactOffset() > place.committedOffset ? gap(place) : '';
        return [...heading, strong(`▶ next${missing}`)];
      }
      return isNew || where !== lastWhere ? [...heading, faint(`  ${where}`)] : [];
    },
    fields(record) {
      const [{ committedOffset, lag, memberId, clientId, host }, place] = beside(record);
      return { group, place, committedOffset, lag, memberId, clientId, host };
    },
  };
}

function strong(text: string) {
  return { text, strong: true };
}

function faint(text: string) {
  return { text, strong: false };
}

/** `billing on orders:0: committed 42, 8 behind, app-1 at 10.0.0.1`. */
function standing(group: string, { topic, partition, committedOffset, lag, clientId, host }: PeekPlace): string {
  const who = host === null ? 'no member' : `${clientId || 'a client without id'} at ${host}`;
  return `${group} on ${topic}:${partition}: committed ${committedOffset}, ${lag ?? '?'} behind, ${who}`;
}

function gap({ committedOffset, startOffset }: PeekPlace): string {
  if (committedOffset < startOffset) return ` (offsets ${committedOffset} to ${startOffset - 1n} were deleted unread)`;
  return ` (no record at ${committedOffset}: compacted away, or the end of a transaction)`;
}

function tellOthers({ note }: Context, group: string, { places, caughtUp, uncommitted }: PeekPlan): void {
  if (caughtUp.length > 0) note(`read to the end: ${partitionsInWords(caughtUp)}`);
  if (uncommitted.length > 0) note(`never committed: ${partitionsInWords(uncommitted)}`);
  if (places.length === 0) note(`group ${group} is stuck on no record`);
}
