/**
 * Speed of the record codecs and the checksum on this runtime: MB/s of uncompressed bytes, for batches of 1 MB.
 * Run it on both: `node --import tsx bench/compression.ts` and `npx bun bench/compression.ts`.
 */
import { randomBytes } from 'node:crypto';
import { crc32c } from '../src/kafka/batch/crc32c.ts';
import type { CompressionCodec } from '../src/kafka/compression/codec.ts';
import { gzip } from '../src/kafka/compression/gzip.ts';
import { lz4 } from '../src/kafka/compression/lz4.ts';
import { snappy } from '../src/kafka/compression/snappy.ts';
import { nativeZstd, wasmZstd } from '../src/kafka/compression/zstd.ts';

const SIZE = 1_000_000;
const RUN_MS = 400;
const MAX_BYTES = 2 ** 30;

function jsonLines(): Buffer {
  const lines: string[] = [];
  for (let length = 0, id = 0; length < SIZE; id++) {
    const line = JSON.stringify({
      user_id: `u-${id * 7919}`,
      event: 'user.signup',
      at: 1.7e12 + id * 37,
      plan: ['free', 'pro'][id % 2],
      score: Math.sin(id),
    });
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join('')).subarray(0, SIZE);
}

/** Median MB/s of repeated runs, the first ones left out. */
function speed(run: () => unknown): number {
  const times: number[] = [];
  for (const end = performance.now() + RUN_MS; performance.now() < end || times.length < 5; ) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  const warm = times.slice(Math.floor(times.length / 3)).sort((a, b) => a - b);
  return SIZE / 1000 / warm[warm.length >> 1]!;
}

const candidates: [string, CompressionCodec | undefined][] = [
  ['gzip (node:zlib)', gzip],
  ['snappy (own)', snappy],
  ['lz4 (own)', lz4],
  ['zstd (node:zlib)', nativeZstd()],
  ['zstd (wasm)', await wasmZstd()],
];
const inputs: [string, Buffer][] = [
  ['json', jsonLines()],
  ['random', randomBytes(SIZE)],
];

const rows = [['codec', 'input', 'ratio', 'write MB/s', 'read MB/s']];
for (const [what, bytes] of inputs) {
  rows.push(['crc32c (own wasm)', what, '', '', speed(() => crc32c(bytes, 0, bytes.length)).toFixed(0)]);
  for (const [name, codec] of candidates) {
    if (codec === undefined) continue;
    const compressed = Buffer.from(codec.compress(bytes));
    const write = speed(() => codec.compress(bytes));
    const read = speed(() => codec.decompress(compressed, MAX_BYTES));
    rows.push([name, what, (SIZE / compressed.length).toFixed(2), write.toFixed(0), read.toFixed(0)]);
  }
}
const runtime = 'bun' in process.versions ? `Bun ${process.versions['bun']}` : `Node ${process.versions.node}`;
const table = rows
  .map((row) => row.map((cell, column) => (column < 2 ? cell.padEnd(18) : cell.padStart(11))).join(''))
  .join('\n');
process.stdout.write(`${runtime}\n${table}\n`);
