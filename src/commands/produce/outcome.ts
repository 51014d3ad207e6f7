/** What happened to `produce`'s input: reports while it is written, and a summary at the end. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { formatSize } from '../../base/units.ts';
import type { Context } from '../../context.ts';
import type { DeadLetter } from '../../records/produce/dead-letter.ts';
import { dryRun } from '../../records/produce/dry-run.ts';
import { produceRecords } from '../../records/produce/produce.ts';
import { type Delivery, Reports } from '../../records/produce/reports.ts';
import type { ProduceRequest, ProduceSummary } from '../../records/produce/request.ts';
import { linesText } from '../../records/produce/wording.ts';
import type { LoadAccount } from './load.ts';

/** Runs the producer beside the reader of its reports; ends with a summary of what was written and what was not. */
export async function* deliveries(
  context: Context,
  request: ProduceRequest,
  input: AsyncIterable<Buffer>,
  report: boolean,
  deadLetter: DeadLetter | undefined,
  load: LoadAccount | undefined,
): AsyncGenerator<readonly Delivery[]> {
  const reports = new Reports();
  let lastError: KtError | undefined;
  const cluster = await context.clusterOnDemand();
  const work: Promise<ProduceSummary> = produceRecords(cluster, request, input, {
    signal: context.signal,
    reports: report ? reports : undefined,
    onAcknowledged: load?.acknowledged,
    onFailed(lines, error) {
      lastError = error;
      context.warn(`${linesText(lines)}: ${error.message}`);
    },
    onUnwritten: deadLetter?.keep,
    onInterrupted: context.warn,
  });
  work.catch(() => {}).finally(() => reports.end());
  try {
    yield* reports.read();
  } finally {
    // Also if nobody reads the reports any longer: what happened to the lines comes before the end.
    await work.catch(() => {});
    if (deadLetter) keptNote(context, request, deadLetter);
    else if (lastError) lostNote(context);
  }
  try {
    account(context, request.topic, await work, lastError);
  } finally {
    load?.end();
  }
}

/** Reports what would be written. @throws KtError what would end the input early */
export async function rehearsal(context: Context, request: ProduceRequest, input: AsyncIterable<Buffer>): Promise<void> {
  const { records, bytes, topics, partitions, stoppedBy } = await dryRun(
    await context.cluster(),
    request,
    input,
    context.signal,
  );
  const where = partitions === 1 ? '1 partition' : `${partitions} partitions`;
  context.note(
    `dry run: ${recordsText(context, records)} would be written to ${topicsText(topics, request.topic)} (${where}, ${formatSize(bytes)})`,
  );
  if (stoppedBy) throw stoppedBy;
}

/** The deliveries of a dry run. */
export async function* nothing(): AsyncGenerator<readonly Delivery[]> {}

/** A reader that commits what it has given to a pipe has committed these records too. */
function lostNote({ note, terminal }: Context): void {
  if (!terminal.stdin) note('--dead-letter FILE keeps such records; kt pipe --group commits only what was written');
}

/** `1,234 records` for a person, `1234 records` for a script. */
function recordsText({ terminal }: Context, count: number): string {
  return `${terminal.stderr ? count.toLocaleString('en') : count} record${count === 1 ? '' : 's'}`;
}

/** Where records went, which JSON lines may say: the topic, or how many. @param otherwise where nothing was written */
function topicsText(topics: readonly string[], otherwise: string): string {
  return topics.length > 1 ? `${topics.length} topics` : (topics[0] ?? otherwise);
}

/** Says where the unwritten records are, once they are safe there. */
function keptNote(context: Context, { topic, severalTopics }: ProduceRequest, deadLetter: DeadLetter): void {
  deadLetter.close();
  const { count, path } = deadLetter;
  if (count === 0) return;
  context.warn(
    `${count} record${count === 1 ? ' is' : 's are'} kept in ${path}; to write ${count === 1 ? 'it' : 'them'} again:`,
  );
  context.warn(
    `  kt produce ${shellWord(topic)} -i json --partition-from-input${severalTopics ? ' --allow-topic' : ''} --file ${shellWord(path)}`,
  );
}

/** @throws KtError for the exit code: 2 for a line that cannot be read, 3 for records that were not written */
function account(context: Context, topic: string, summary: ProduceSummary, lastError: KtError | undefined): void {
  const { delivered, failed, aborted, bytes, topics, partitions, elapsedMs, stoppedBy } = summary;
  const seconds = elapsedMs / 1000;
  const where = partitions === 1 ? '1 partition' : `${partitions} partitions`;
  context.note(
    `${recordsText(context, delivered)} written to ${topicsText(topics, topic)} (${where}, ${formatSize(bytes)}, ${seconds.toFixed(seconds < 10 ? 2 : 0)}s)`,
  );
  if (aborted !== undefined) context.warn(aborted);
  if (failed > 0) {
    if (stoppedBy) context.warn(stoppedBy.message);
    const what =
      aborted === undefined
        ? `${failed} of ${failed + delivered} records were not written`
        : `${failed} record${failed === 1 ? ' was' : 's were'} refused`;
    throw new KtError('refused', `${what} (${lastError?.message})`, {
      code: lastError?.code,
      hint: lastError?.hint,
    });
  }
  if (stoppedBy) throw stoppedBy;
}
