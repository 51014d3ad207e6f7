/** Frames cut out of a socket's chunks, however the network cut them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { giveFrameMemory, takeFrameMemory } from '../../../../src/kafka/connection/frame-memory.ts';
import { Frames } from '../../../../src/kafka/connection/frames.ts';

function framed(body: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

/** Gives the bytes as a socket does: into the room there is, as often as it takes. */
function take(frames: Frames, bytes: Buffer, onFrame: (frame: Buffer) => void): Buffer | undefined {
  for (let at = 0; at < bytes.length; ) {
    const count = bytes.copy(frames.room(), 0, at);
    const strange = frames.filled(count, onFrame);
    if (strange) return Buffer.from(strange);
    at += count;
  }
  return undefined;
}

/** The bytes in pieces, cut at the given positions. */
function cut(bytes: Buffer, positions: readonly number[]): Buffer[] {
  const ends = [...new Set(positions.map((position) => position % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

test('frames come out whole and in order, wherever the stream was cut', () => {
  const body = fc.uint8Array({ minLength: 4, maxLength: 300 });
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 8 }), fc.array(fc.nat(), { maxLength: 40 }), (bodies, cuts) => {
      const frames = new Frames(1000);
      const got: Buffer[] = [];
      for (const chunk of cut(Buffer.concat(bodies.map(framed)), cuts)) {
        assert.equal(
          take(frames, chunk, (frame) => got.push(Buffer.from(frame))),
          undefined,
        );
      }
      assert.deepEqual(
        got,
        bodies.map((each) => Buffer.from(each)),
      );
    }),
  );
});

test('a size that no frame can have ends the stream with its bytes, and allocates nothing for it', () => {
  for (const size of [-1, 0, 3, 1001, 0x7fffffff, 0x48545450]) {
    const frames = new Frames(1000);
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(size);
    assert.deepEqual(
      take(frames, bytes, () => assert.fail('no frame')),
      bytes,
    );
  }
});

test('a frame of many megabytes is put together from its chunks', () => {
  const body = Buffer.alloc(40 << 20, 'kafka');
  const frames = new Frames(1 << 30);
  const got: number[] = [];
  const bytes = framed(body);
  for (let at = 0; at < bytes.length; at += 1 << 20) {
    take(frames, bytes.subarray(at, at + (1 << 20)), (frame) => got.push(frame.compare(body)));
  }
  assert.deepEqual(got, [0]);
});

test('memory given back is used for the next answer, once', () => {
  const memory = takeFrameMemory(1 << 20);
  giveFrameMemory(memory.buffer);
  giveFrameMemory(memory.buffer);
  const [first, second] = [takeFrameMemory(1000), takeFrameMemory(1000)];
  assert.equal(first.buffer, memory.buffer);
  assert.notEqual(second.buffer, memory.buffer);
});

test("memory that is not a frame's is left alone", () => {
  const foreign = Buffer.alloc(1 << 20);
  giveFrameMemory(foreign.buffer);
  assert.notEqual(takeFrameMemory(1 << 20).buffer, foreign.buffer);
});

test('a hostile size is found behind good frames, and when its bytes come one by one', () => {
  const frames = new Frames(1000);
  const got: string[] = [];
  const hostile = Buffer.from([0x7f, 0xff, 0xff, 0xff]);
  const chunks = [framed(Buffer.from('fine')), hostile.subarray(0, 1), hostile.subarray(1, 3), hostile.subarray(3)];
  const strange = chunks.map((chunk) => take(frames, chunk, (frame) => got.push(frame.toString())));
  assert.deepEqual([got, strange], [['fine'], [undefined, undefined, undefined, hostile]]);
});

test('a size of a gigabyte allocates nothing before its bytes come', () => {
  const frames = new Frames(1 << 30);
  const before = process.memoryUsage().arrayBuffers;
  assert.equal(
    take(frames, Buffer.from([0x40, 0, 0, 0, 1, 2, 3]), () => assert.fail('no frame')),
    undefined,
  );
  assert.ok(process.memoryUsage().arrayBuffers - before < 32 << 20);
});
