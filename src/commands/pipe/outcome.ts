/** What `kt pipe` prints: the records of a dry run, or what became of all of them. */
import type { Progress } from '../../base/progress.ts';
import { formatDuration } from '../../base/units.ts';
import type { LinesShape } from '../../cli/shape.ts';
import type { Context } from '../../context.ts';
import type { PipeSummary } from '../../records/pipe/account.ts';
import type { Pipe } from '../../records/pipe/pipe.ts';
import { isPreview, type PreviewRecord } from '../../records/pipe/preview.ts';
import { type FieldReading, tellUnread } from '../reading/field-reading.ts';

export type PipeRow = PipeSummary | PreviewRecord;

export const pipeRows: LinesShape<PipeRow> = {
  kind: 'lines',
  text: (row) => (isPreview(row) ? previewText(row) : summaryText(row)),
  json: (row) => row,
  fields: {
    read: 'records that were read, filtered ones included',
    written: 'records that the destination acknowledged; with --exactly-once committed',
    skipped: 'records that a filter left out',
    failed: 'records that were neither written nor kept in the dead-letter topic',
    deadLettered: 'records that were kept in the dead-letter topic',
    topic: 'with --dry-run: topic that the record would be written to; null where it fails',
    partition:
      'with --dry-run: partition that it would be written to; for one that the producer chooses when it writes, one of them',
    timestamp: 'with --dry-run: epoch milliseconds',
    headers: 'with --dry-run: list of {key, value}',
    key: 'with --dry-run: key as text; null without one',
    value: 'with --dry-run: value as text; null for a tombstone',
    keyEncoding:
      'with --dry-run: base64 for a key that is not text; avro, protobuf or json-schema for one that a schema is for, shown as JSON',
    valueEncoding: 'with --dry-run: the same for values',
    from: 'with --dry-run: {topic, partition, offset} of the record that was read',
    error: 'with --dry-run: why the record would fail',
  },
};

function previewText({ topic, partition, key, value, headers, from, error }: PreviewRecord): string {
  const source = `${from.topic}:${from.partition} at offset ${from.offset}`;
  if (error !== undefined) return `${source} fails (${error})`;
  const list = headers.map((header) => `${header.key}=${header.value ?? 'null'}`).join(' ');
  return `${source} -> ${topic}:${partition}  ${key ?? 'null'}  ${value ?? 'null'}${list ? `  [${list}]` : ''}`;
}

function summaryText({ read, written, skipped, failed, deadLettered }: PipeSummary): string {
  const rest = [
    skipped > 0 ? `, ${skipped} skipped` : '',
    failed > 0 ? `, ${failed} failed` : '',
    deadLettered > 0 ? `, ${deadLettered} kept in the dead-letter topic` : '',
  ];
  return `${read} record${read === 1 ? '' : 's'} read, ${written} written${rest.join('')}`;
}

/** Runs the pipe and shows how it goes; ends with what became of the records, also when it fails or is interrupted. */
export async function* outcomeOf(
  context: Context,
  pipe: Pipe,
  showsRate: boolean,
  reading: FieldReading,
): AsyncGenerator<readonly PipeRow[]> {
  const startedAt = performance.now();
  const stop = showsRate ? shownRate(context.progress(''), pipe) : undefined;
  try {
    await pipe.run();
  } finally {
    stop?.();
    tellUnread(context, reading);
    const { summary } = pipe;
    const { signal, note, warn, globals } = context;
    const text = `${summaryText(summary)} (${formatDuration(Math.max(1, Math.round(performance.now() - startedAt)))})`;
    if (signal.aborted) warn(`interrupted: ${text}`);
    else note(text);
    // As text it was said already.
    if (globals.output === 'json' || globals.output === 'csv' || globals.columns) yield [summary];
  }
}

/** The records of a dry run; ends with what could not be read. */
export async function* previewOf(
  context: Context,
  records: AsyncIterable<readonly PreviewRecord[]>,
  reading: FieldReading,
): AsyncGenerator<readonly PipeRow[]> {
  try {
    yield* records;
  } finally {
    tellUnread(context, reading);
  }
}

const shownEveryMs = 500;

/** Shows how many records are written, and how fast; on a terminal. @returns what ends it */
function shownRate(progress: Progress, pipe: Pipe): () => void {
  let before = 0;
  let rate = 0;
  const timer = setInterval(() => {
    const { written } = pipe.summary;
    const now = ((written - before) * 1000) / shownEveryMs;
    rate = before === 0 ? now : rate * 0.7 + now * 0.3;
    before = written;
    const lag = pipe.lag;
    progress.update(
      `${written.toLocaleString('en')} records written, ${Math.round(rate).toLocaleString('en')}/s${lag === undefined ? '' : `, ${lag.toLocaleString('en')} to read`}`,
    );
  }, shownEveryMs);
  return () => {
    clearInterval(timer);
    progress.stop();
  };
}
