/** Codecs against streams of other implementations, random bytes, and streams made to do harm. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { Malformed } from '../../../../src/kafka/batch/malformed.ts';
import type { CompressionCodec } from '../../../../src/kafka/compression/codec.ts';
import { compress, compressionNames, decompress, prepareCodecs } from '../../../../src/kafka/compression/index.ts';
import { wasmZstd } from '../../../../src/kafka/compression/zstd.ts';

let wasm: CompressionCodec;

before(async () => {
  await prepareCodecs(0b11110);
  wasm = await wasmZstd();
});

const [, gzipId, snappyId, lz4Id, zstdId] = compressionNames.keys();
const text = '{"user_id":"u-1","event":"user.signup"}\n'.repeat(8);

/** The text as python-lz4 4.4, python-snappy 0.7 and python-zstandard 0.25 compressed it; the wrong header checksum was put in by hand. */
const foreign: [string, number, string][] = [
  [
    'lz4 with linked 4 MiB blocks, block and content checksums and the content size',
    lz4Id!,
    '04224d187c404001000000000000b633000000f0087b22757365725f6964223a22752d31222c226576656e740e00df7365722e7369676e7570227d0a2800ff01507570227d0a4418ef4100000000e33a3073',
  ],
  [
    'lz4 whose second block copies from the first',
    lz4Id!,
    '04224d1844405e31000000f10a7b22757365725f6964223a22752d31222c226576656e74223a1800af2e7369676e7570227d0a2800565022757365720a0000000f780092507570227d0a00000000e33a3073',
  ],
  [
    'lz4 with a wrong header checksum, as clients wrote before KIP-57',
    lz4Id!,
    '04224d1844400031000000f10a7b22757365725f6964223a22752d31222c226576656e74223a1800af2e7369676e7570227d0a2800565022757365720a0000000f780092507570227d0a00000000e33a3073',
  ],
  [
    'snappy as one raw block, as librdkafka writes it',
    snappyId!,
    'c002587b22757365725f6964223a22752d31222c226576656e74010e307365722e7369676e7570227d0afe2800fe2800fe2800fe28005e2800',
  ],
  [
    'zstd in two frames with a skippable one between, with a checksum and without a size',
    zstdId!,
    '28b52ffd040085010084027b22757365725f6964223a22752d31222c226576656e74223a22757365722e7369676e7570227d0a0100c892541969e4b177502a4d180300000061626328b52ffd20dc5d0100f8656e74223a22757365722e7369676e7570227d0a7b5f69642d31222c2265760300b1a5c8f4b471dac904',
  ],
];

test('a codec in use keeps working when another reader asks for it, as with two brokers’ first answers', async () => {
  const compressed = wasm.compress(Buffer.from(text));
  const others = [wasmZstd(), wasmZstd()];
  for (const other of [...others, wasmZstd()]) {
    assert.equal(wasm.decompress(compressed, 2 ** 20).toString(), text);
    assert.equal((await other).decompress(compressed, 2 ** 20).toString(), text);
  }
});

for (const [what, id, hex] of foreign) {
  test(`${what} is read`, () => {
    const bytes = Buffer.from(hex, 'hex');
    assert.equal(decompress(id, bytes).toString(), text);
    if (id === zstdId) assert.equal(wasm.decompress(bytes, 2 ** 20).toString(), text);
  });

  test(`${what}: cut anywhere it is an error`, () => {
    const bytes = Buffer.from(hex, 'hex');
    for (let length = 0; length < bytes.length; length++) {
      let read: string | undefined;
      try {
        read = decompress(id, bytes.subarray(0, length)).toString();
      } catch (error) {
        assert.ok(error instanceof Malformed, `${length} bytes: ${error}`);
      }
      // Between two frames the stream looks whole; the batch's record count tells.
      if (read !== undefined) assert.ok(text.startsWith(read) && read.length < text.length, `${length} bytes`);
    }
  });
}

test('a wrong lz4 content checksum is found', () => {
  const bytes = Buffer.from(foreign[0]![2], 'hex');
  bytes[bytes.length - 1]! ^= 1;
  assert.throws(() => decompress(lz4Id!, bytes), Malformed);
});

test('snappy streams of SnappyOutputStream that were joined, headers and all, are read', () => {
  const once = compress(snappyId!, Buffer.from(text));
  assert.equal(once.subarray(0, 8).toString('latin1'), '\x82SNAPPY\0');
  assert.equal(decompress(snappyId!, Buffer.concat([once, once])).toString(), text + text);
});

for (const id of [gzipId!, snappyId!, lz4Id!, zstdId!]) {
  const name = compressionNames[id]!;

  test(`${name}: what is compressed comes back, from nothing to some blocks`, () => {
    const random = randomBytes(200_000);
    const runs = [0, 1, 3, 4, 5, 11, 12, 13, 64, 68, 100, 32_767, 32_768, 65_536, 65_541, 200_000];
    for (const length of runs) {
      for (const bytes of [
        random.subarray(0, length),
        Buffer.alloc(length, 'ab'),
        Buffer.alloc(length, text),
        Buffer.alloc(length),
      ]) {
        assert.ok(decompress(id, compress(id, bytes)).equals(bytes), `${length} bytes`);
      }
    }
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(60)), { maxLength: 60 }),
        (pieces) => {
          const bytes = Buffer.concat(pieces.flatMap(([piece, times]) => Array.from({ length: times }, () => piece)));
          assert.ok(decompress(id, compress(id, bytes)).equals(bytes));
        },
      ),
    );
  });

  test(`${name}: runs of new bytes of every length between repetitions come back, wherever the end cuts them`, () => {
    const runs = Array.from({ length: 40 }, (_, length) => Buffer.concat([randomBytes(length), Buffer.from('user.signup')]));
    const cycle = Buffer.concat([...runs, ...runs.map((run) => Buffer.concat([run.subarray(1), randomBytes(2)]))]);
    const bytes = Buffer.alloc(66_000, cycle);
    for (const near of [0, cycle.length, 32_768, 65_536]) {
      for (let length = Math.max(0, near - 50); length < near + 50; length++) {
        const cut = bytes.subarray(0, length);
        assert.ok(decompress(id, compress(id, cut)).equals(cut), `${length} bytes`);
      }
    }
  });

  test(`${name}: what grows by being compressed comes back: short repetitions between new bytes`, () => {
    for (const length of [57, 61, 62, 63, 64, 65, 200, 257]) {
      const parts = Array.from({ length: Math.ceil(140_000 / (length + 4)) }, () => [Buffer.from('abcd'), randomBytes(length)]);
      const bytes = Buffer.concat(parts.flat());
      assert.ok(decompress(id, compress(id, bytes)).equals(bytes), `runs of ${length}`);
    }
  });

  test(`${name}: broken streams are an error or other bytes, never a crash`, () => {
    const bytes = compress(id, Buffer.from(text + randomBytes(40).toString('hex') + text));
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [0x01, 0x40, 0xff]) {
        const broken = Buffer.from(bytes);
        broken[at]! ^= flip;
        for (const read of id === zstdId
          ? [() => decompress(id, broken), () => wasm.decompress(broken, 2 ** 24)]
          : [() => decompress(id, broken)]) {
          try {
            assert.ok(read().length < 2 ** 24);
          } catch (error) {
            assert.ok(error instanceof Malformed, `byte ${at}: ${error}`);
          }
        }
      }
    }
  });

  test(`${name}: a bomb is refused before its bytes are there`, () => {
    const bomb = compress(id, Buffer.alloc(8 * 2 ** 20));
    assert.throws(() => decompress(id, bomb, 2 ** 20), /decompresses to more than 1048576 bytes/);
    if (id === zstdId) assert.throws(() => wasm.decompress(bomb, 2 ** 20), /decompresses to more than 1048576 bytes/);
  });
}

test('a length that the bytes cannot hold is refused without allocating it', () => {
  assert.throws(() => decompress(snappyId!, Buffer.from('ffffffff0f00', 'hex')), Malformed);
  const lying = Buffer.from('28b52ffde0ffffffffffffff0f010000', 'hex');
  assert.throws(() => decompress(zstdId!, lying), Malformed);
  assert.throws(() => wasm.decompress(lying, 2 ** 30), Malformed);
});

test('a snappy block with a byte too many is refused, also where it would begin a literal', () => {
  assert.equal(decompress(snappyId!, Buffer.from('010061', 'hex')).toString(), 'a');
  for (const more of ['f0', 'f4', 'f8ff', 'fcffffff', '01', '02', '03'])
    assert.throws(() => decompress(snappyId!, Buffer.from(`010061${more}`, 'hex')), Malformed, more);
});

test('zstd in WebAssembly and the runtime read each other', () => {
  const bytes = Buffer.from(text.repeat(5000));
  assert.ok(decompress(zstdId!, wasm.compress(bytes)).equals(bytes));
  assert.ok(wasm.decompress(compress(zstdId!, bytes), 2 ** 30).equals(bytes));
});

test('an unknown compression type is malformed', () => {
  assert.throws(() => decompress(7, Buffer.alloc(4)), Malformed);
});
