/** Generated records, for load tests: `produce --count`. */
import type { ReadPiece } from './record-input.ts';
import type { OnPiece, Splitter } from './split.ts';
import { MadeBytes, type Template } from './template.ts';

export interface Load {
  readonly count: number;
  /** Undefined for records without a key. */
  readonly key: Template | undefined;
  readonly value: Template;
  /** Undefined is as fast as possible. */
  readonly recordsPerSecond: number | undefined;
}

/** Larger chunks are not faster. */
const chunkBytes = 64 << 10;
/** With a rate, records are made at most this long before they are sent, so that the times in them are right. */
const aheadSeconds = 0.01;
/** In front of each record: its length and its key's (-1 for none), int32 each. */
const frameBytes = 8;

/** Chunks of whole records, for `loadSplitter`; a chunk is valid until the next is pulled. */
export async function* loadInput({ count, key, value, recordsPerSecond }: Load): AsyncGenerator<Buffer> {
  const out = new MadeBytes();
  const atOnce = recordsPerSecond === undefined ? count : Math.max(1, Math.floor(recordsPerSecond * aheadSeconds));
  for (let seq = 1; seq <= count; ) {
    out.length = 0;
    for (let left = atOnce; left > 0 && seq <= count && out.length < chunkBytes; left--, seq++) {
      const start = out.length;
      out.ensure(frameBytes);
      out.length += frameBytes;
      key?.(out, seq);
      const keyLength = key ? out.length - start - frameBytes : -1;
      value(out, seq);
      out.buffer.writeInt32BE(out.length - start - frameBytes, start);
      out.buffer.writeInt32BE(keyLength, start + 4);
    }
    yield out.buffer.subarray(0, out.length);
  }
}

/** Cuts chunks of `loadInput` into records, each with its key's length in front. */
export function loadSplitter(onPiece: OnPiece): Splitter {
  let count = 0;
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const end = at + frameBytes + chunk.readInt32BE(at);
        onPiece(chunk, at + 4, end, ++count);
        at = end;
      }
    },
    end: () => {},
  };
}

/** Reads a piece of `loadSplitter`. */
export function loadRecords(fixedKey: Buffer | undefined): ReadPiece {
  return (record, bytes, start, end) => {
    const keyLength = bytes.readInt32BE(start);
    const keyStart = start + 4;
    const valueStart = keyStart + Math.max(0, keyLength);
    if (keyLength >= 0) {
      record.key = bytes;
      record.keyStart = keyStart;
      record.keyEnd = valueStart;
    } else if (fixedKey) {
      record.key = fixedKey;
      record.keyStart = 0;
      record.keyEnd = fixedKey.length;
    }
    record.value = bytes;
    record.valueStart = valueStart;
    record.valueEnd = end;
  };
}
