/**
 * Memory for large answers, used again: getting 3 MB anew for each fetch costs as much as decoding it, for the kernel clears every page.
 * Only who asked for an answer knows when nothing points into it any more, so giving back is up to them, and never has to happen.
 */

/** A fetch loop has one answer being read, one waiting and one on its way. */
const spares = 4;
const largestSpare = 16 << 20;
/** Answers differ by some bytes, and memory for one should do for the next. */
const step = 1 << 16;
const spare: Buffer[] = [];
const lent = new WeakSet<ArrayBufferLike>();

/** At least `size` bytes with any content. */
export function takeFrameMemory(size: number): Buffer {
  const index = spare.findIndex(({ length }) => length >= size);
  if (index !== -1) return spare.splice(index, 1)[0]!;
  const memory = Buffer.allocUnsafeSlow(Math.ceil(size / step) * step);
  if (size <= largestSpare) lent.add(memory.buffer);
  return memory;
}

/** Gives back the memory that an answer's bytes lie in; nothing may read them afterwards. Memory of another kind is left alone. */
export function giveFrameMemory(memory: ArrayBufferLike): void {
  if (spare.length < spares && lent.has(memory) && spare.every(({ buffer }) => buffer !== memory))
    spare.push(Buffer.from(memory as ArrayBuffer));
}
