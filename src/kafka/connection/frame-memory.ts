/**
 * Memory for large answers, reused: allocating 3 MB for each fetch costs as much as decoding it, because the kernel clears every page.
 * Only the caller knows when nothing points into an answer any more, so it may give the memory back, but never has to.
 */

import { freeMemory } from '../batch/free-memory.ts';

/** A fetch loop has one answer being read, one waiting and one arriving. */
const spares = 4;
const largestSpare = 16 << 20;
/** Sizes are rounded up, so that memory for one answer fits the next, which is a few bytes larger or smaller. */
const step = 1 << 16;
const spare: Buffer[] = [];
const lent = new WeakSet<ArrayBufferLike>();

/** At least `size` bytes, uninitialized. */
export function takeFrameMemory(size: number): Buffer {
  const index = spare.findIndex(({ length }) => length >= size);
  if (index !== -1) return spare.splice(index, 1)[0]!;
  const memory = Buffer.allocUnsafeSlow(Math.ceil(size / step) * step);
  if (size <= largestSpare) lent.add(memory.buffer);
  return memory;
}

/** Gives back the memory of an answer, whose bytes must not be read afterwards. Memory from elsewhere is ignored. */
export function giveFrameMemory(memory: ArrayBufferLike): void {
  if (memory.byteLength > largestSpare) freeMemory(memory);
  else if (spare.length < spares && lent.has(memory) && spare.every(({ buffer }) => buffer !== memory))
    spare.push(Buffer.from(memory as ArrayBuffer));
}
