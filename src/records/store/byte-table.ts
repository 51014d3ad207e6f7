/** A hash table from bytes to bytes in a few large pieces of memory: without an object per entry, a million of them are no work for the garbage collector. */
import { copyBytes } from '../../base/bytes/copy-bytes.ts';
import { viewOf } from '../../base/bytes/word32.ts';
import type { Bytes, StoreEntry } from './bytes.ts';
import { hashOf, insert, isAt } from './slots.ts';
import { sortByBytes } from './sort.ts';

/** An address is the number of a piece and a position in it. */
const pieceBits = 20;
const pieceBytes = 1 << pieceBits;
const positionMask = pieceBytes - 1;
/** An entry is the length of its key, the length of its value, how long the value may become in place, key and value. */
const headBytes = 12;
const valueLengthAt = 4;
const roomAt = 8;
/** The length of a value that was deleted. */
const deleted = -1;
/** How many words of slots there are at least. */
const leastSlots = 1 << 13;

interface Piece {
  readonly bytes: Buffer;
  readonly view: DataView;
  used: number;
}

export class ByteTable {
  #pieces: Piece[] = [];
  /** Pieces of the usual size that are free. */
  readonly #spare: Piece[] = [];
  #slots = new Uint32Array(leastSlots);
  #count = 0;
  #bytes = 0;
  #deadBytes = 0;
  #deletedBytes = 0;

  /** How many keys it knows, with those that it knows as deleted. */
  get count(): number {
    return this.#count;
  }

  /** How much memory the pieces in use and the slots take. */
  get bytes(): number {
    return this.#bytes + this.#slots.byteLength;
  }

  /** How much of it holds entries that a later one has replaced. */
  get deadBytes(): number {
    return this.#deadBytes;
  }

  /** How much of it holds entries of keys that it knows as deleted. */
  get deletedBytes(): number {
    return this.#deletedBytes;
  }

  /** The address of a key's entry; undefined for a key that was never put. */
  find(key: Bytes): number | undefined {
    const address = this.#slots[this.#slotOf(key, hashOf(key.buf, 0, key.length)) + 1]!;
    return address === 0 ? undefined : address - 1;
  }

  /** @param value undefined: the key was deleted */
  put(key: Bytes, value: Bytes | undefined): void {
    const hash = hashOf(key.buf, 0, key.length);
    const slot = this.#slotOf(key, hash);
    const address = this.#slots[slot + 1]!;
    if (address === 0) this.#count++;
    else if (this.#overwrite(address - 1, value)) return;
    else this.#deadBytes += this.#sizeOf(address - 1);
    const added = this.#append(key, value);
    if (value === undefined) this.#deletedBytes += this.#sizeOf(added);
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = added + 1;
    // At most 5 of 8 slots are taken.
    if (this.#count * 16 > this.#slots.length * 5) this.#growSlots();
  }

  /** Says where an entry lies, until something is put. @returns false for a deleted key, of which there is no value */
  read(address: number, entry: StoreEntry): boolean {
    const { bytes, view } = this.#pieceOf(address);
    const at = address & positionMask;
    const length = view.getInt32(at + valueLengthAt, true);
    entry.bytes = bytes;
    entry.keyStart = at + headBytes;
    entry.keyEnd = entry.keyStart + view.getUint32(at, true);
    entry.valueStart = entry.keyEnd;
    entry.valueEnd = entry.keyEnd + Math.max(length, 0);
    return length !== deleted;
  }

  /** The addresses of all entries, in the order of their keys' bytes. */
  sorted(): Uint32Array {
    const addresses = new Uint32Array(this.#count);
    let count = 0;
    for (let slot = 1; slot < this.#slots.length; slot += 2) {
      const address = this.#slots[slot]!;
      if (address !== 0) addresses[count++] = address - 1;
    }
    sortByBytes(addresses, {
      byte: (address, at) => this.#pieceOf(address).bytes[(address & positionMask) + headBytes + at]!,
      length: (address) => this.#pieceOf(address).view.getUint32(address & positionMask, true),
    });
    return addresses;
  }

  clear(): void {
    for (const piece of this.#pieces) this.#release(piece);
    this.#pieces = [];
    this.#slots = new Uint32Array(leastSlots);
    this.#count = 0;
    this.#bytes = 0;
    this.#deadBytes = 0;
    this.#deletedBytes = 0;
  }

  /** Gives up what replaced entries take. @param keepsDeleted whether it still has to know which keys were deleted */
  compact(keepsDeleted: boolean): void {
    const [pieces, slots] = [this.#pieces, this.#slots];
    this.#pieces = [];
    this.#slots = new Uint32Array(slots.length);
    this.#count = 0;
    this.#bytes = 0;
    this.#deadBytes = 0;
    this.#deletedBytes = 0;
    pieces.forEach((piece, number) => {
      const { bytes, view, used } = piece;
      for (let at = 0, size = 0; at < used; at += size) {
        const keyEnd = at + headBytes + view.getUint32(at, true);
        const length = view.getInt32(at + valueLengthAt, true);
        size = keyEnd - at + view.getUint32(at + roomAt, true);
        const hash = hashOf(bytes, at + headBytes, keyEnd);
        if (!isAt(slots, hash, number * pieceBytes + at) || (length === deleted && !keepsDeleted)) continue;
        const address = this.#room(size);
        const into = this.#pieceOf(address);
        copyBytes(bytes, at, at + size, into.bytes, address & positionMask);
        insert(this.#slots, hash, address);
        if (length === deleted) this.#deletedBytes += size;
        this.#count++;
      }
      this.#release(piece);
    });
  }

  #release(piece: Piece): void {
    if (piece.bytes.length !== pieceBytes) return;
    piece.used = 0;
    this.#spare.push(piece);
  }

  #pieceOf(address: number): Piece {
    return this.#pieces[address >>> pieceBits]!;
  }

  #sizeOf(address: number): number {
    const { view } = this.#pieceOf(address);
    const at = address & positionMask;
    return headBytes + view.getUint32(at, true) + view.getUint32(at + roomAt, true);
  }

  /** The slot of a key, or the free one where it belongs. */
  #slotOf({ buf, length }: Bytes, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 2;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const address = slots[slot + 1]!;
      if (address === 0 || (slots[slot] === hash && this.#isKey(address - 1, buf, length))) return slot;
    }
  }

  #isKey(address: number, key: Buffer, length: number): boolean {
    const { bytes, view } = this.#pieceOf(address);
    const at = address & positionMask;
    if (view.getUint32(at, true) !== length) return false;
    const start = at + headBytes;
    for (let index = 0; index < length; index++) if (bytes[start + index] !== key[index]) return false;
    return true;
  }

  /** Puts another value where the last one is, if there is room. */
  #overwrite(address: number, value: Bytes | undefined): boolean {
    const { bytes, view } = this.#pieceOf(address);
    const at = address & positionMask;
    const wasDeleted = view.getInt32(at + valueLengthAt, true) === deleted;
    if (wasDeleted !== (value === undefined)) this.#deletedBytes += wasDeleted ? -this.#sizeOf(address) : this.#sizeOf(address);
    if (value && value.length > view.getUint32(at + roomAt, true)) return false;
    view.setInt32(at + valueLengthAt, value?.length ?? deleted, true);
    if (value) copyBytes(value.buf, 0, value.length, bytes, at + headBytes + view.getUint32(at, true));
    return true;
  }

  #append(key: Bytes, value: Bytes | undefined): number {
    const length = value?.length ?? 0;
    // Values that change a little stay where they are.
    const room = Math.ceil(length / 8) * 8;
    const address = this.#room(headBytes + key.length + room);
    const { bytes, view } = this.#pieceOf(address);
    let at = address & positionMask;
    view.setUint32(at, key.length, true);
    view.setInt32(at + valueLengthAt, value ? length : deleted, true);
    view.setUint32(at + roomAt, room, true);
    at = copyBytes(key.buf, 0, key.length, bytes, at + headBytes);
    if (value) copyBytes(value.buf, 0, length, bytes, at);
    return address;
  }

  /** Takes room for an entry. A large one has a piece of its own. */
  #room(size: number): number {
    let piece = this.#pieces.at(-1);
    if (!piece || piece.bytes.length - piece.used < size || piece.bytes.length > pieceBytes) {
      piece = size <= pieceBytes ? (this.#spare.pop() ?? newPiece(pieceBytes)) : newPiece(size);
      this.#pieces.push(piece);
      this.#bytes += piece.bytes.length;
    }
    const address = (this.#pieces.length - 1) * pieceBytes + piece.used;
    piece.used += size;
    return address;
  }

  #growSlots(): void {
    const slots = this.#slots;
    this.#slots = new Uint32Array(slots.length * 2);
    for (let slot = 0; slot < slots.length; slot += 2) {
      const address = slots[slot + 1]!;
      if (address !== 0) insert(this.#slots, slots[slot]!, address - 1);
    }
  }
}

function newPiece(size: number): Piece {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, view: viewOf(bytes), used: 0 };
}
