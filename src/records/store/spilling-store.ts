/** A store of more keys than memory holds: what changed last is in memory, the rest on disk. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { ByteTable } from './byte-table.ts';
import { allOf, type Bytes, noEntry, type StoreEntry } from './bytes.ts';
import { DiskTable } from './disk-table.ts';
import { hashOf } from './slots.ts';

const defaultMemoryBytes = 176 << 20;
/** A bit for each of so many hashes tells keys apart that were never on disk. */
const seenBits = 26;
const bun = (globalThis as { readonly Bun?: { gc(now: boolean): void } }).Bun;
/** How many changes, or entries given, leave so little behind that it does not matter. */
const changesPerCollection = 1 << 17;
const entriesPerCollection = 1 << 13;
const all = allOf(Buffer.alloc(0));

export interface StoreOptions {
  /** What fills the store, as people call it, for errors. */
  readonly what: string;
  /** How much memory entries may take, in bytes, before they go to disk (default 176 MiB). */
  readonly memoryBytes?: number | undefined;
}

/**
 * Bytes by keys of bytes, which are compared as unsigned bytes. Entries go to disk in batches sorted by key: five times as fast as in any
 * other order. Keys of several fields are made with ordered-key.ts.
 *
 * Where there is no database (Node before 22.13), it works as long as memory holds all entries.
 * Every method may throw a KtError `refused`: no database, or no room on disk.
 */
export class SpillingStore {
  readonly #what: string;
  readonly #memoryBytes: number;
  readonly #recent = new ByteTable();
  readonly #entry = noEntry();
  #calls = 0;
  #disk: DiskTable | undefined;
  /** Of keys that were ever on disk: a question for any other key needs no look at the disk. */
  #seen: Uint8Array | undefined;

  constructor({ what, memoryBytes = defaultMemoryBytes }: StoreOptions) {
    this.#what = what;
    this.#memoryBytes = memoryBytes;
  }

  /** Whether entries have gone to disk. */
  get isOnDisk(): boolean {
    return this.#disk !== undefined;
  }

  /** Fills `into` with the value of a key. @returns false, and leaves it as it is, where there is none */
  get(key: Bytes, into: ByteSink): boolean {
    const address = this.#recent.find(key);
    if (address === undefined) {
      return this.#disk !== undefined && this.#wasSeen(hashOf(key.buf, 0, key.length)) && this.#disk.get(key, into);
    }
    const entry = this.#entry;
    if (!this.#recent.read(address, entry)) return false;
    into.length = 0;
    into.copy(entry.bytes, entry.valueStart, entry.valueEnd);
    return true;
  }

  set(key: Bytes, value: Bytes): void {
    this.#collect(changesPerCollection);
    this.#recent.put(key, value);
    if (this.#recent.bytes > this.#memoryBytes) this.#shrink();
  }

  delete(key: Bytes): void {
    if (!this.#disk && this.#recent.find(key) === undefined) return;
    this.#recent.put(key, undefined);
    if (this.#recent.bytes > this.#memoryBytes) this.#shrink();
  }

  /**
   * The entries whose keys begin with these bytes (default: all), in the order of their keys. The store must not be changed before the last
   * one was taken or the loop was left. Without entries on disk all keys are sorted first; otherwise those in memory are written there.
   */
  *entries(prefix: Bytes = all): Generator<StoreEntry> {
    const start = Buffer.from(prefix.buf.subarray(0, prefix.length));
    if (this.#disk) {
      this.#spill(this.#disk);
      for (const entry of this.#disk.entries(start)) {
        this.#collect(entriesPerCollection);
        yield entry;
      }
      return;
    }
    const entry = noEntry();
    for (const address of this.#recent.sorted()) {
      this.#collect(entriesPerCollection);
      const isThere = this.#recent.read(address, entry);
      const { bytes, keyStart, keyEnd } = entry;
      if (
        isThere &&
        (start.length === 0 || bytes.compare(start, 0, start.length, keyStart, Math.min(keyStart + start.length, keyEnd)) === 0)
      ) {
        yield entry;
      }
    }
  }

  /** Deletes the entries up to the last one whose key begins with these bytes. */
  deleteThrough(prefix: Bytes): void {
    const end = prefix.buf.subarray(0, prefix.length);
    if (this.#disk) {
      this.#spill(this.#disk);
      this.#disk.removeThrough(end);
      return;
    }
    const entry = this.#entry;
    for (const address of this.#recent.sorted()) {
      const isThere = this.#recent.read(address, entry);
      const { bytes, keyStart, keyEnd } = entry;
      if (bytes.compare(end, 0, end.length, keyStart, Math.min(keyStart + end.length, keyEnd)) > 0) break;
      if (isThere) this.#recent.put(allOf(bytes.subarray(keyStart, keyEnd)), undefined);
    }
    this.#recent.compact(false);
  }

  /** Removes all entries, and frees memory and disk. Without it the disk is freed when the process ends, however it ends. */
  close(): void {
    this.#recent.clear();
    this.#disk?.close();
    this.#disk = undefined;
  }

  /** Bun collects garbage only when it takes as much memory as all that is in use, the whole store. */
  #collect(every: number): void {
    if (++this.#calls % every === 0) bun?.gc(true);
  }

  /** Replaced values go first, and deleted keys where none was ever on disk; if these are few, all entries go to disk. */
  #shrink(): void {
    const needless = this.#recent.deadBytes + (this.#disk ? 0 : this.#recent.deletedBytes);
    if (needless * 2 > this.#memoryBytes) {
      this.#recent.compact(this.#disk !== undefined);
      if (this.#recent.bytes <= this.#memoryBytes) return;
    }
    this.#disk ??= new DiskTable(this.#what);
    this.#spill(this.#disk);
  }

  #spill(disk: DiskTable): void {
    if (this.#recent.count === 0) return;
    this.#seen ??= new Uint8Array(2 ** (seenBits - 3));
    const [seen, entry] = [this.#seen, this.#entry];
    disk.write((put, remove) => {
      for (const address of this.#recent.sorted()) {
        const isThere = this.#recent.read(address, entry);
        const bit = bitOf(hashOf(entry.bytes, entry.keyStart, entry.keyEnd));
        seen[bit >>> 3]! |= 1 << (bit & 7);
        if (isThere) put(entry);
        else remove(entry);
      }
    });
    this.#recent.clear();
  }

  #wasSeen(hash: number): boolean {
    const bit = bitOf(hash);
    return ((this.#seen![bit >>> 3]! >>> (bit & 7)) & 1) === 1;
  }
}

function bitOf(hash: number): number {
  return hash >>> (32 - seenBits);
}
