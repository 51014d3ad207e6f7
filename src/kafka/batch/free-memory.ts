/** Gives large memory back at once: garbage collectors do not hurry, and several large batches would add up. */

/** Nobody may read from it afterwards: every view of it is empty then. */
export function freeMemory(memory: ArrayBufferLike): void {
  // What is transferred leaves the buffer, and nobody gets it. (ArrayBuffer.transfer is not in Node 20.)
  structuredClone(undefined, { transfer: [memory as ArrayBuffer] });
}
