/** The kernel that decompresses blocks gives what plain code gives, byte for byte, and takes no block that this refuses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compressBlock } from '../../../../src/kafka/compression/block-kernel.ts';
import * as lz4Block from '../../../../src/kafka/compression/lz4-block.ts';
import * as snappyBlock from '../../../../src/kafka/compression/snappy-block.ts';
import { contentOf } from '../../../../src/kafka/compression/unblock-kernel.ts';

type Format = 'lz4' | 'snappy';

/** New bytes, and repetitions of what is so far back. */
const parts = fc.array(
  fc.record({
    fresh: fc.uint8Array({ maxLength: 40 }),
    back: fc.integer({ min: 1, max: 70 }),
    times: fc.integer({ max: 300, min: 0 }),
  }),
  { minLength: 1, maxLength: 30 },
);

function textOf(given: readonly { fresh: Uint8Array; back: number; times: number }[]): Buffer {
  const bytes: number[] = [];
  for (const { fresh, back, times } of given) {
    bytes.push(...fresh);
    if (back <= bytes.length) for (let count = 0; count < times; count++) bytes.push(bytes[bytes.length - back]!);
  }
  return Buffer.from(bytes);
}

/** By plain code; undefined for a block that it refuses. */
function plainly(format: Format, block: Buffer, room: number): Buffer | undefined {
  try {
    if (format === 'snappy') {
      const out = Buffer.alloc(snappyBlock.uncompressedLength(block, 0, block.length));
      return out.subarray(0, snappyBlock.decompressBlock(block, 0, block.length, out, 0));
    }
    const out = Buffer.alloc(room);
    return out.subarray(0, lz4Block.decompressBlock(block, 0, block.length, out, 0, room, 0));
  } catch {
    return undefined;
  }
}

function byKernel(format: Format, block: Buffer, room: number): Buffer | undefined {
  try {
    const most = format === 'snappy' ? snappyBlock.uncompressedLength(block, 0, block.length) : room;
    const content = contentOf(format, block, 0, block.length, most);
    return content && Buffer.from(content);
  } catch {
    return undefined;
  }
}

for (const format of ['lz4', 'snappy'] as const) {
  test(`${format}: a sound block has its content, one that was damaged the same as by plain code, or none`, () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2, 3, 15, 16, 127, 240, 255)), { maxLength: 3 });
    fc.assert(
      fc.property(parts, damage, fc.nat({ max: 20 }), (given, damaged, cut) => {
        const text = textOf(given);
        const sound = Buffer.from(compressBlock(format, text));
        assert.deepEqual(byKernel(format, sound, text.length), plainly(format, sound, text.length));
        if (text.length > 0) assert.deepEqual(byKernel(format, sound, text.length), text);
        const broken = Buffer.from(sound.subarray(0, Math.max(1, sound.length - cut)));
        for (const [at, byte] of damaged) broken[at % broken.length] = byte;
        assert.deepEqual(byKernel(format, broken, text.length), plainly(format, broken, text.length));
      }),
      { numRuns: 1_000 },
    );
  });
}

test('a block that is too large for the kernel is left to other code', () => {
  const block = Buffer.from(compressBlock('lz4', Buffer.alloc(1_000)));
  assert.equal(contentOf('lz4', block, 0, block.length, (1 << 20) + 1), undefined);
  assert.equal(contentOf('lz4', block, 0, block.length, 999), undefined);
  assert.equal(contentOf('lz4', block, 0, block.length, 1_000)?.length, 1_000);
});
