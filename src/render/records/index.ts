/** Writes a stream of records: formatted into one buffer by a formatter compiled once, written batch by batch. */

import { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { RecordStream } from '../../records/stream.ts';
import { CompiledFormats } from './format.ts';
import type { RecordOutput } from './output.ts';

/** Batches up to this size are written in one piece, larger ones in several, so that no buffer grows with the batch. */
const pieceBytes = 1 << 20;
/** With room beyond a full piece, so that its last record rarely makes the buffer grow. */
const bufferBytes = pieceBytes + (1 << 16);
/** A batch up to this size may still be being written while the next one is formatted. */
const aheadBytes = 4 << 20;
const spareBuffers = 8;

/**
 * Formats and writes every record. The next batch is pulled only when the output has accepted all of the last one or, where the stream
 * allows it, all of the one before that.
 * @throws KtError `usage` for a wrong template; whatever the batches or the output throw
 */
export async function renderRecords(stream: RecordStream, out: RecordOutput): Promise<void> {
  const sink = new ByteSink(bufferBytes);
  const formats = new CompiledFormats(stream.format, sink, out);
  // A wrong template is reported before anything is read.
  await formats.of('');
  const spare: Buffer[] = [];
  /** The writes of this batch, and those of the batch before if they were not waited for. */
  let writes: Promise<void>[] = [];
  let earlier: Promise<void>[] = [];
  let size = 0;

  async function write(bytes: Buffer, length: number): Promise<void> {
    await out.write(bytes.subarray(0, length));
    // A buffer that grew for a huge record is not kept.
    if (bytes.length === bufferBytes && spare.length < spareBuffers) spare.push(bytes);
  }
  function send(): void {
    if (sink.length === 0) return;
    const writing = write(sink.buf, sink.length);
    // It may fail before anything awaits it.
    writing.catch(() => {});
    writes.push(writing);
    size += sink.length;
    sink.restart(spare.pop() ?? Buffer.allocUnsafeSlow(bufferBytes));
  }

  async function endOfBatch(): Promise<void> {
    const mayGoOn = size <= aheadBytes && stream.isNextReady?.() === true;
    await Promise.all(mayGoOn ? earlier : [...earlier, ...writes]);
    earlier = mayGoOn ? writes : [];
    writes = [];
    size = 0;
  }

  try {
    for await (const batch of stream.batches) {
      const append = await formats.of(batch.topic);
      try {
        batch.each((record) => {
          append(record);
          if (sink.length >= pieceBytes) send();
        });
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
