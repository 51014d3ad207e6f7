/** Record batches of a few kilobytes whose one value is a great many zeros, written to a broker as they are. */
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { crc32c } from '../../src/kafka/batch/crc32c.ts';
import { field } from '../../src/kafka/batch/header.ts';
import { BatchWriter } from '../../src/kafka/batch/writer.ts';
import { type CompressionName, compress, compressionNames, prepareCompression } from '../../src/kafka/compression/index.ts';
import { connect } from '../../src/kafka/connect.ts';

export type BombCodec = Exclude<CompressionName, 'none'>;

/** The last version of Produce that names topics. */
const lastVersionByName = 12;

/** A batch of one record without a key whose value is `size` zeros. */
export async function bomb(codec: BombCodec, size: number): Promise<Buffer> {
  const section = await sectionOf(codec, recordStart(size), size);
  const batch = Buffer.concat([emptyBatch(), section]);
  batch[field.attributes + 1] = compressionNames.indexOf(codec);
  batch.writeInt32BE(batch.length - field.leaderEpoch, field.length);
  batch.writeUInt32BE(crc32c(batch, field.attributes, batch.length), field.crc);
  return batch;
}

/** Header of a batch of one record, of now. */
function emptyBatch(): Buffer {
  const writer = new BatchWriter();
  const value = Buffer.alloc(1);
  const none = { key: value, keyStart: -1, keyEnd: -1, headers: undefined };
  writer.append({ ...none, value, valueStart: 0, valueEnd: 1, timestamp: Date.now() });
  return writer.finish('none').subarray(0, field.records);
}

/** A record up to its value: length, attributes, deltas of time and offset, no key, the value's length. */
function recordStart(size: number): Buffer {
  const body = Buffer.concat([Buffer.of(0, 0, 0), varint(-1), varint(size)]);
  // The byte behind the value says that there are no headers.
  return Buffer.concat([varint(body.length + size + 1), body]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.of(...bytes, rest);
}

/** `start`, then `size` zeros and one more. */
async function sectionOf(codec: BombCodec, start: Buffer, size: number): Promise<Buffer> {
  const left = size + 1;
  if (codec === 'zstd') return zstdFrame(start, left);
  if (codec === 'gzip') return gzipSync(Buffer.concat([start, Buffer.alloc(left)]));
  await prepareCompression(codec);
  const id = compressionNames.indexOf(codec);
  // Both are framed in blocks that know nothing of each other: one is compressed, and repeated.
  const [head, tail] = codec === 'lz4' ? [7, 4] : [16, 0];
  const blockBytes = codec === 'lz4' ? 1 << 16 : 1 << 15;
  const framed = (bytes: Buffer) => compress(id, bytes);
  const blocks = (bytes: Buffer) => {
    const all = framed(bytes);
    return all.subarray(head, all.length - tail);
  };
  const zeros = blocks(Buffer.alloc(blockBytes));
  const whole = framed(start);
  return Buffer.concat([
    whole.subarray(0, whole.length - tail),
    ...Array.from({ length: Math.floor(left / blockBytes) }, () => zeros),
    ...(left % blockBytes > 0 ? [blocks(Buffer.alloc(left % blockBytes))] : []),
    Buffer.alloc(tail),
  ]);
}

/** A frame that does not declare its size, of blocks that repeat one byte (RFC 8878, 3.1.1). */
function zstdFrame(start: Buffer, zeros: number): Buffer {
  const mostBytes = 128 << 10;
  const block = (isLast: boolean, type: 0 | 1, length: number, content: Buffer) => {
    const header = Buffer.alloc(3);
    header.writeUIntLE((length << 3) | (type << 1) | Number(isLast), 0, 3);
    return Buffer.concat([header, content]);
  };
  const zero = Buffer.alloc(1);
  const parts = [Buffer.from('28b52ffd0060', 'hex'), block(false, 0, start.length, start)];
  const full = block(false, 1, mostBytes, zero);
  for (let left = zeros; ; left -= mostBytes) {
    if (left <= mostBytes) return Buffer.concat([...parts, block(true, 1, left, zero)]);
    parts.push(full);
  }
}

/** Writes batches to partition 0 of a topic, one after the other, whose max.message.bytes lets them through. */
export async function writeBatches(bootstrapServers: string, topic: string, batches: readonly Buffer[]): Promise<void> {
  const [host, port] = bootstrapServers.split(':');
  const settings = { bootstrapServers: [{ host: host!, port: Number(port) }], clientId: 'kt-test', timeoutMs: 60_000 };
  const cluster = await connect({ ...settings, addressMap: new Map() }, { signal: new AbortController().signal });
  try {
    const broker = (await cluster.metadata([topic])).topics.get(topic)!.partitions[0]!.leader;
    for (const records of batches) {
      const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }];
      const body = { transactionalId: null, acks: -1, timeoutMs: 30_000, topicData };
      const { responses } = await cluster.request('Produce', body, { broker }, { maxVersion: lastVersionByName });
      assert.equal(responses[0]!.partitionResponses[0]!.errorCode, 0, `${records.length} bytes are refused`);
    }
  } finally {
    await cluster.close();
  }
}
