/** Writes a stream of records: formatted into one buffer by a formatter compiled once, written batch by batch. */

import { ByteSink, type Later } from '../../base/bytes/byte-sink.ts';
import type { FetchedRecords } from '../../kafka/batch/record.ts';
import type { RecordFormat, RecordStream } from '../../records/stream.ts';
import { CompiledFormats } from './format.ts';
import type { AppendRecord, RecordOutput } from './output.ts';

/** Batches up to this size are written in one piece, larger ones in several, so that no buffer grows with the batch. */
const pieceBytes = 1 << 20;
/** With room beyond a full piece, so that its last record rarely makes the buffer grow. */
const bufferBytes = pieceBytes + (1 << 16);
/** A batch up to this size may still be being written while the next one is formatted. */
const aheadBytes = 4 << 20;
/** Those of a kernel come back to it this way, and it has room for as many (json-lines.ts). */
const spareBuffers = 24;

/**
 * Formats and writes every record. The next batch is pulled only when the output has accepted all of the last one or, where the stream
 * allows it, all of the one before that.
 * @throws KtError `usage` for a wrong template; whatever the batches or the output throw
 */
export async function renderRecords(stream: RecordStream, out: RecordOutput): Promise<void> {
  const sink = new ByteSink(bufferBytes);
  /** What the sink began with since it was sent last. */
  let begun = sink.buf;
  // On a terminal everything is made harmless record by record.
  if (!out.terminal) sink.later = [];
  const formats = new CompiledFormats(stream.format, sink, out);
  // A wrong template is reported before anything is read.
  await formats.of('');
  await writeHeader(stream.format, out);
  const spare = new SpareBuffers();
  /** The writes of this batch, and those of the batch before if they were not waited for. */
  let writes: Promise<void>[] = [];
  let earlier: Promise<void>[] = [];
  let size = 0;
  /** Once a large field is being written, what comes behind it waits for it. */
  let last: Promise<void> | undefined;

  async function write(bytes: Buffer, length: number): Promise<void> {
    await out.write(bytes.subarray(0, length));
    spare.keep(bytes);
  }
  function send(): void {
    if (sink.length === 0 && !sink.later?.length) return;
    const { buf, length, later } = sink;
    // It grew, and what it began in is free.
    if (buf.length > bufferBytes) spare.keep(begun);
    if (later?.length) {
      sink.later = [];
      const waited = last ?? Promise.resolve();
      last = waited.then(() => writeWithLater(out, buf.subarray(0, length), later)).then(() => spare.keep(buf));
    } else if (last) last = last.then(() => write(buf, length));
    const writing = last ?? write(buf, length);
    // It may fail before anything awaits it.
    writing.catch(() => {});
    writes.push(writing);
    size += sink.length;
    begun = spare.take();
    sink.restart(begun);
  }

  async function endOfBatch(): Promise<void> {
    // A large field is made from memory that the next batch may take.
    const mayGoOn = last === undefined && size <= aheadBytes && stream.isNextReady?.() === true;
    await Promise.all(mayGoOn ? earlier : [...earlier, ...writes]);
    earlier = mayGoOn ? writes : [];
    writes = [];
    last = undefined;
    size = 0;
  }

  try {
    for await (const batch of stream.batches) {
      const append = await formats.of(batch.topic);
      try {
        appendAll(batch, append, sink, send);
      } finally {
        // This includes what was read before a corrupt batch.
        send();
        await endOfBatch();
      }
    }
  } finally {
    await Promise.all(earlier);
    stream.ended?.();
  }
}

/** Writes the names of columns, in the style that has some. */
async function writeHeader({ style, columns = [] }: RecordFormat, out: RecordOutput): Promise<void> {
  if (style !== 'csv' || out.headers === false) return;
  const header = (await import('./csv.ts')).csvHeader(columns);
  await out.write(Buffer.from(out.terminal ? header.replace('\r\n', '\n') : header));
}

class SpareBuffers {
  readonly #buffers: Buffer[] = [];

  take(): Buffer {
    return this.#buffers.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
  }

  /** Takes back one that is not used any more; none that grew for a huge record. */
  keep(buffer: Buffer): void {
    if (buffer.length === bufferBytes && this.#buffers.length < spareBuffers) this.#buffers.push(buffer);
  }
}

/** Appends a batch's records to the sink, and has it sent when it holds enough. Of a record that ends the reading nothing is left. */
function appendAll(batch: FetchedRecords, append: AppendRecord, sink: ByteSink, send: () => void): void {
  let whole = 0;
  const { take } = append;
  const appended = (): void => {
    whole = sink.length;
    if (whole < pieceBytes && !sink.later?.length) return;
    send();
    whole = 0;
  };
  try {
    batch.each(
      (record) => {
        append(record);
        appended();
      },
      take &&
        ((run, end) => {
          take(run, end);
          appended();
        }),
    );
  } catch (error) {
    sink.length = whole;
    sink.later &&= [];
    throw error;
  }
}

/** Bytes with large fields between them, piece by piece: each waits for the one before. */
async function writeWithLater(out: RecordOutput, bytes: Buffer, later: readonly Later[]): Promise<void> {
  let from = 0;
  for (const { at, pieces } of later) {
    await out.write(bytes.subarray(from, at));
    for (const piece of pieces) await out.write(piece);
    from = at;
  }
  await out.write(bytes.subarray(from));
}
