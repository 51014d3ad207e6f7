/** LZ4 as Kafka uses it: the LZ4 frame format (lz4_Frame_format.md 1.6), written the way Java's KafkaLZ4BlockOutputStream does. */
import { malformed } from '../batch/malformed.ts';
import { compressBlock, largestBlock } from './block-kernel.ts';
import { type CompressionCodec, tooLarge } from './codec.ts';
import { decompressBlock, MAX_RATIO, uncompressedLength } from './lz4-block.ts';
import { contentOf } from './unblock-kernel.ts';
import { xxhash32 } from './xxhash32.ts';

const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a50;
const UNCOMPRESSED = 0x80000000;
/** Bits of the frame descriptor's first byte. */
const flag = {
  version: 0xc0,
  independent: 0x20,
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  dictionary: 0x01,
} as const;

export const lz4: CompressionCodec = {
  compress(bytes) {
    const blocks = Math.ceil(bytes.length / largestBlock);
    const out = Buffer.allocUnsafe(11 + blocks * 4 + bytes.length);
    out.writeUInt32LE(MAGIC, 0);
    out[4] = 0x40 | flag.independent;
    out[5] = 0x40; // blocks of 64 KiB
    out[6] = xxhash32(out, 4, 6) >>> 8;
    let at = 7;
    for (let from = 0; from < bytes.length; from += largestBlock) {
      const block = bytes.subarray(from, from + largestBlock);
      const compressed = compressBlock('lz4', block);
      const isSmaller = compressed.length < block.length;
      out.writeUInt32LE(isSmaller ? compressed.length : (UNCOMPRESSED | block.length) >>> 0, at);
      out.set(isSmaller ? compressed : block, at + 4);
      at += 4 + (isSmaller ? compressed : block).length;
    }
    out.writeUInt32LE(0, at);
    return out.subarray(0, at + 4);
  },

  decompress(bytes, maxBytes) {
    const frames = readFrames(bytes);
    const content = frames.length === 1 ? contentOfOne(bytes, frames[0]!, maxBytes) : undefined;
    if (content) return content;
    let bound = 0;
    for (const frame of frames) for (const block of frame.blocks) bound += block.maxLength;
    // Blocks may hold less than they could; what they do hold is counted only where it matters.
    if (bound > maxBytes) bound = contentLength(bytes, frames, maxBytes);
    const out = Buffer.allocUnsafe(bound);
    let to = 0;
    for (const frame of frames) to = decompressFrame(bytes, frame, out, to);
    return out.subarray(0, to);
  },
};

interface Block {
  readonly start: number;
  readonly end: number;
  readonly compressed: boolean;
  /** The most bytes it can decompress to. */
  readonly maxLength: number;
}

interface Frame {
  readonly independent: boolean;
  readonly blocks: readonly Block[];
  readonly contentSize: number | undefined;
  /** xxHash of the content. */
  readonly checksum: number | undefined;
  readonly end: number;
}

function readFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const magic = at + 8 > bytes.length ? 0 : bytes.readUInt32LE(at);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) at += 8 + bytes.readUInt32LE(at + 4);
    else if (magic === MAGIC) {
      const frame = readFrame(bytes, at + 4);
      frames.push(frame);
      at = frame.end;
    } else malformed('lz4: no frame');
  }
  return frames;
}

/** The header checksum is not compared: old clients wrote wrong ones (KAFKA-3160), and the batch has its CRC. */
function readFrame(bytes: Buffer, start: number): Frame {
  const flags = bytes[start]!;
  const sizeId = (bytes[start + 1]! >>> 4) & 7;
  if ((flags & flag.version) !== 0x40 || sizeId < 4) malformed('lz4: a frame of an unknown version');
  if (flags & flag.dictionary) malformed('lz4: a frame that needs a dictionary');
  const blockBytes = 1 << (8 + 2 * sizeId);
  const checksumBytes = flags & flag.blockChecksum ? 4 : 0;
  let at = start + (flags & flag.contentSize ? 11 : 3);
  const blocks: Block[] = [];
  for (;;) {
    if (at + 4 > bytes.length) malformed('lz4: a frame without an end');
    const word = bytes.readUInt32LE(at);
    at += 4;
    if (word === 0) break;
    const size = word & 0x7fffffff;
    const compressed = word < UNCOMPRESSED;
    if (size > bytes.length - at || (!compressed && size > blockBytes)) malformed('lz4: a block beyond the end');
    blocks.push({
      start: at,
      end: at + size,
      compressed,
      maxLength: compressed ? Math.min(blockBytes, size * MAX_RATIO) : size,
    });
    at += size + checksumBytes;
  }
  const hasChecksum = (flags & flag.contentChecksum) !== 0;
  if (hasChecksum && at + 4 > bytes.length) malformed('lz4: a frame without its checksum');
  return {
    independent: (flags & flag.independent) !== 0,
    blocks,
    contentSize: flags & flag.contentSize ? Number(bytes.readBigUInt64LE(start + 2)) : undefined,
    checksum: hasChecksum ? bytes.readInt32LE(at) : undefined,
    end: hasChecksum ? at + 4 : at,
  };
}

/** What the frames decompress to, in bytes. @throws TooLarge if that is more than `maxBytes` */
function contentLength(bytes: Buffer, frames: readonly Frame[], maxBytes: number): number {
  let length = 0;
  for (const { blocks } of frames) {
    for (const { start, end, compressed, maxLength } of blocks) {
      length += compressed ? Math.min(uncompressedLength(bytes, start, end), maxLength) : end - start;
      if (length > maxBytes) tooLarge(maxBytes);
    }
  }
  return length;
}

/** The content of a frame of one block, in memory of its size; undefined for any other frame, or where something is wrong with it. */
function contentOfOne(bytes: Buffer, frame: Frame, maxBytes: number): Buffer | undefined {
  const [block] = frame.blocks;
  if (frame.blocks.length !== 1 || !block!.compressed) return undefined;
  const made = contentOf('lz4', bytes, block!.start, block!.end, Math.min(block!.maxLength, maxBytes));
  if (!made) return undefined;
  const content = Buffer.from(made);
  checkContent(frame, content, 0, content.length);
  return content;
}

function decompressFrame(bytes: Buffer, frame: Frame, out: Buffer, start: number): number {
  let to = start;
  for (const block of frame.blocks) {
    const outEnd = Math.min(to + block.maxLength, out.length);
    const history = frame.independent ? to : start;
    const made = block.compressed && history === to ? contentOf('lz4', bytes, block.start, block.end, outEnd - to) : undefined;
    if (made) {
      out.set(made, to);
      to += made.length;
    } else if (block.compressed) to = decompressBlock(bytes, block.start, block.end, out, to, outEnd, history);
    else {
      if (block.maxLength > outEnd - to) malformed('lz4: a block beyond the end');
      to += bytes.copy(out, to, block.start, block.end);
    }
  }
  checkContent(frame, out, start, to);
  return to;
}

/** @throws Malformed where the content is not what the frame says */
function checkContent({ contentSize, checksum }: Frame, out: Buffer, start: number, to: number): void {
  if (contentSize !== undefined && contentSize !== to - start) malformed('lz4: a frame of another size than it says');
  if (checksum !== undefined && checksum !== xxhash32(out, start, to)) malformed('lz4: a wrong content checksum');
}
