/** Where zstd frames end and how much they can hold, from their headers alone (RFC 8878, 3.1.1). */
import { malformed } from '../batch/malformed.ts';

export interface ZstdFrame {
  readonly start: number;
  readonly end: number;
  /** An upper bound of the decompressed size: the declared size, or the largest its blocks can hold. */
  readonly maxLength: number;
  /** Whether the frame declares its size, which its blocks then have to keep. */
  readonly isDeclared: boolean;
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const MAX_BLOCK_BYTES = 128 * 1024;
const blockType = { raw: 0, rle: 1, reserved: 3 } as const;

/** @throws Malformed when a frame is cut short, or declares more than its blocks can hold */
export function readZstdFrames(bytes: Buffer): ZstdFrame[] {
  const frames: ZstdFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const magic = at + 8 > bytes.length ? 0 : bytes.readUInt32LE(at);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) at += 8 + bytes.readUInt32LE(at + 4);
    else if (magic === MAGIC) {
      const frame = readFrame(bytes, at);
      frames.push(frame);
      at = frame.end;
    } else malformed('zstd: no frame');
  }
  return frames;
}

function readFrame(bytes: Buffer, start: number): ZstdFrame {
  const descriptor = bytes[start + 4]!;
  const single = (descriptor & 0x20) !== 0;
  const sizeBytes = descriptor >>> 6 === 0 ? (single ? 1 : 0) : 1 << (descriptor >>> 6);
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  let at = start + 5 + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
  if (at + 3 > bytes.length) malformed('zstd: a frame without blocks');
  const contentSize = sizeBytes === 0 ? undefined : readSize(bytes, at - sizeBytes, sizeBytes);

  let maxLength = 0;
  for (let last = false; !last; ) {
    if (at + 3 > bytes.length) malformed('zstd: a frame without an end');
    const header = bytes.readUIntLE(at, 3);
    const type = (header >>> 1) & 3;
    const size = header >>> 3;
    if (type === blockType.reserved || (type !== blockType.rle && size > MAX_BLOCK_BYTES)) malformed('zstd: an unknown block');
    last = (header & 1) === 1;
    maxLength += type === blockType.raw || type === blockType.rle ? size : MAX_BLOCK_BYTES;
    at += 3 + (type === blockType.rle ? 1 : size);
  }
  if (descriptor & 0x04) at += 4;
  if (at > bytes.length) malformed('zstd: a block beyond the end');
  if (contentSize !== undefined && contentSize > maxLength) malformed('zstd: a size that its blocks cannot hold');
  return { start, end: at, maxLength: contentSize ?? maxLength, isDeclared: contentSize !== undefined };
}

function readSize(bytes: Buffer, at: number, size: number): number {
  if (size === 8) return Number(bytes.readBigUInt64LE(at));
  return bytes.readUIntLE(at, size) + (size === 2 ? 256 : 0);
}
