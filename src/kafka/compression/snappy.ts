/** snappy as Kafka uses it: the framing of Java's SnappyOutputStream, or one raw block as some clients write it. */
import { malformed } from '../batch/malformed.ts';
import { compressBlock } from './block-kernel.ts';
import { type CompressionCodec, tooLarge } from './codec.ts';
import { decompressBlock, uncompressedLength } from './snappy-block.ts';
import { contentOf } from './unblock-kernel.ts';

/** `\x82SNAPPY\0`, then its version and the oldest version that can read it. */
const HEADER = Buffer.from('82534e415050590000000001' + '00000001', 'hex');
const MAGIC = HEADER.subarray(0, 8);
/** The size of the blocks that SnappyOutputStream writes. */
const BLOCK_BYTES = 32768;
/** What a block may grow by: each run of more than 60 literals may take a byte more than the copy behind it saves. */
const MOST_ADDED = 8 + BLOCK_BYTES / 64;

export const snappy: CompressionCodec = {
  compress(bytes) {
    const blocks = Math.ceil(bytes.length / BLOCK_BYTES);
    const out = Buffer.allocUnsafe(HEADER.length + blocks * (4 + MOST_ADDED) + bytes.length);
    let at = HEADER.copy(out);
    for (let from = 0; from < bytes.length; from += BLOCK_BYTES) {
      const compressed = compressBlock('snappy', bytes.subarray(from, from + BLOCK_BYTES));
      out.writeInt32BE(compressed.length, at);
      out.set(compressed, at + 4);
      at += 4 + compressed.length;
    }
    return out.subarray(0, at);
  },

  decompress(bytes, maxBytes) {
    if (!isHeader(bytes, 0)) {
      const length = uncompressedLength(bytes, 0, bytes.length);
      if (length > maxBytes) tooLarge(maxBytes);
      const out = Buffer.allocUnsafe(length);
      unblock(bytes, 0, bytes.length, out, 0);
      return out;
    }
    let total = 0;
    eachBlock(bytes, (start, end) => {
      total += uncompressedLength(bytes, start, end);
      if (total > maxBytes) tooLarge(maxBytes);
    });
    const out = Buffer.allocUnsafe(total);
    let to = 0;
    eachBlock(bytes, (start, end) => {
      to = unblock(bytes, start, end, out, to);
    });
    return out;
  },
};

/** Decompresses a block to `out` at `to`; returns where that ended. */
function unblock(bytes: Buffer, start: number, end: number, out: Buffer, to: number): number {
  const content = contentOf('snappy', bytes, start, end, uncompressedLength(bytes, start, end));
  if (!content) return decompressBlock(bytes, start, end, out, to);
  out.set(content, to);
  return to + content.length;
}

function isHeader(bytes: Buffer, at: number): boolean {
  return bytes.length - at >= HEADER.length && bytes.compare(MAGIC, 0, MAGIC.length, at, at + MAGIC.length) === 0;
}

/** Visits the framing's blocks, each preceded by its size; concatenated streams have a header each. */
function eachBlock(bytes: Buffer, visit: (start: number, end: number) => void): void {
  for (let at = HEADER.length; at < bytes.length; ) {
    if (isHeader(bytes, at)) {
      at += HEADER.length;
      continue;
    }
    const start = at + 4;
    const size = start > bytes.length ? -1 : bytes.readInt32BE(at);
    if (size < 0 || size > bytes.length - start) malformed('snappy: a block beyond the end');
    visit(start, start + size);
    at = start + size;
  }
}
