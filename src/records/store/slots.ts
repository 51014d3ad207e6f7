/** The slots of a hash table of keys, each two words: the hash of the key, and its address + 1. Their number is a power of two. */
import { murmur2 } from '../../kafka/produce/partitioner.ts';

/** As an unsigned number. The keys of one partition have lower bits of murmur2 in common: the product spreads them. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  const hash = murmur2(bytes, start, end);
  return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 0;
}

/** Whether a key with this hash is found at this address. */
export function isAt(slots: Uint32Array, hash: number, address: number): boolean {
  const mask = slots.length - 2;
  for (let slot = (hash << 1) & mask; slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
    if (slots[slot + 1] === address + 1) return true;
  }
  return false;
}

/** Takes the first free slot for a key that has none. */
export function insert(slots: Uint32Array, hash: number, address: number): void {
  const mask = slots.length - 2;
  let slot = (hash << 1) & mask;
  while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
  slots[slot] = hash;
  slots[slot + 1] = address + 1;
}
