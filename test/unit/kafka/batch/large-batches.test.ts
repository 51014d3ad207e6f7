/** Batches that decompress to more than they seem to hold: refused at a bound, and read one after the other within a fixed memory. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { KtError } from '../../../../src/base/errors.ts';
import { formatSize } from '../../../../src/base/units.ts';
import { attribute, field } from '../../../../src/kafka/batch/header.ts';
import {
  type CompressionName,
  compress,
  compressionNames,
  decompress,
  prepareCodecs,
} from '../../../../src/kafka/compression/index.ts';
import { batchOf, readAll, reseal, valuesOf } from './fixtures.ts';

const codecs = compressionNames.filter((name) => name !== 'none');

before(() => prepareCodecs(0b11110));

/** A batch with this records section. */
function batchWith(codec: CompressionName, section: Buffer, base: Buffer): Buffer {
  const batch = Buffer.concat([base.subarray(0, field.records), section]);
  batch.writeInt32BE(batch.length - 12, field.length);
  batch[field.attributes + 1] = (batch[field.attributes + 1]! & ~attribute.codec) | compressionNames.indexOf(codec);
  reseal(batch);
  return batch;
}

function compressed(codec: CompressionName, baseOffset: bigint, value: string): Buffer {
  const plain = batchOf(baseOffset, [value]);
  return batchWith(codec, compress(compressionNames.indexOf(codec), plain.subarray(field.records)), plain);
}

for (const codec of codecs) {
  test(`${codec}: a batch that becomes too large is named with its place, its sizes and what to do`, () => {
    const records = Buffer.concat([compressed(codec, 40n, 'small'), compressed(codec, 41n, '0'.repeat(3 << 20))]);
    const given = { records, startOffset: 40n, maxBatchBytes: 2 << 20 };
    assert.throws(
      () => readAll(records, given),
      (error) => {
        assert.ok(error instanceof KtError);
        assert.equal(error.kind, 'refused');
        assert.equal(error.code, 'BATCH_TOO_LARGE');
        const size = formatSize(compressed(codec, 41n, '0'.repeat(3 << 20)).length - field.records);
        assert.equal(
          error.message,
          `the record batch at offset 41 of orders:3 is too large (${codec}: ${size} become more than 2MiB)`,
        );
        assert.equal(
          error.hint,
          'allow it more memory, such as --max-batch-bytes 16MiB; or skip it with: kt tail orders -p 3 --from 42',
        );
        return true;
      },
    );
    const read = valuesOf(records, { ...given, maxBatchBytes: 4 << 20 });
    assert.deepEqual(
      read.map((value) => value?.length),
      [5, 3 << 20],
    );
  });
}

test('gzip: a last member that says less than there is does not hide the others', () => {
  const [large, small] = [Buffer.alloc(3 << 20, 'ab'), Buffer.from('end')];
  const members = Buffer.concat([gzipSync(large), gzipSync(small)]);
  assert.ok(decompress(1, members).equals(Buffer.concat([large, small])));
  assert.throws(() => decompress(1, members, 2 << 20), /more than 2097152 bytes/);
});

test('lz4: blocks that hold far less than they could are counted as what they hold', () => {
  // A frame of 4 MiB blocks, each of which a writer flushed after 20 kB that say little.
  const lz4 = compress(3, Buffer.alloc(20_000, 'a'));
  const body = lz4.subarray(7, lz4.length - 4);
  const frame = Buffer.concat([
    lz4.subarray(0, 5),
    Buffer.of(0x70, 0),
    ...Array.from({ length: 100 }, () => body),
    Buffer.alloc(4),
  ]);
  const bound = 100 * 20_000;
  assert.ok(decompress(3, frame, bound).equals(Buffer.alloc(bound, 'a')));
  assert.throws(() => decompress(3, frame, bound - 1), /more than 1999999 bytes/);
});

const memory = existsSync('/proc/self/status') ? false : 'memory is read from /proc';

test('large batches do not add up in memory', { skip: memory }, () => {
  const script = `
    import { readFileSync } from 'node:fs';
    import { RecordBatches } from './src/kafka/batch/reader.ts';
    import { compress, prepareCodecs } from './src/kafka/compression/index.ts';
    const peak = () => Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]) / 1024;
    await prepareCodecs(0b11110);
    const id = Number(process.argv[1]);
    const { batchOf, reseal } = await import('./test/unit/kafka/batch/fixtures.ts');
    const plain = batchOf(0n, ['0'.repeat(16 << 20)]);
    const section = compress(id, plain.subarray(61));
    const batch = Buffer.concat([plain.subarray(0, 61), section]);
    batch.writeInt32BE(batch.length - 12, 8);
    batch[22] = id;
    reseal(batch);
    const read = () => new RecordBatches({ topic: 't', partition: 0, records: batch, startOffset: 0n }).each(() => {});
    read();
    const before = peak();
    for (let times = 0; times < 20; times++) read();
    console.log(peak() - before);`;
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const id = String(compressionNames.indexOf(codec));
    const args = ['--import', 'tsx', '--input-type=module', '-e', script, id];
    const grown = Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    assert.ok(grown < 80, `${codec}: ${grown} MiB more after twenty of 16 MiB`);
  }
});
