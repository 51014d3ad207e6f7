/** A table from bytes to bytes on disk, in the order of its keys' bytes. */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import { type Bytes, noEntry, type StoreEntry } from './bytes.ts';
import { ScratchCopies } from './scratch.ts';
import { onDisk, openPrivateDatabase, type SqlDatabase, type SqlStatement } from './sqlite.ts';

/** Bun collects what so many calls leave behind only when it takes as much memory as the whole store. */
const bun = (globalThis as { readonly Bun?: { gc(now: boolean): void } }).Bun;
const collectedRows = 1 << 16;

export class DiskTable {
  readonly #what: string;
  readonly #database: SqlDatabase;
  readonly #put: SqlStatement;
  readonly #delete: SqlStatement;
  readonly #get: SqlStatement;
  readonly #keys = new ScratchCopies();
  readonly #values = new ScratchCopies();

  /**
   * @param what needs it, as people call it
   * @throws KtError `refused` where the runtime has no database
   */
  constructor(what: string) {
    this.#what = what;
    this.#database = openPrivateDatabase(what);
    this.#database.exec('CREATE TABLE entries (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID');
    this.#put = this.#database.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?)');
    this.#delete = this.#database.prepare('DELETE FROM entries WHERE key = ?');
    this.#get = this.#database.prepare('SELECT value FROM entries WHERE key = ?');
  }

  /**
   * Makes many changes; in the order of their keys that takes a fifth of the time.
   * @param changes gives `put` and `remove` each entry; of a key that is removed only the key counts
   * @throws KtError `refused` when the disk is full
   */
  write(changes: (put: (entry: StoreEntry) => void, remove: (entry: StoreEntry) => void) => void): void {
    const keyOf = ({ bytes, keyStart, keyEnd }: StoreEntry): Buffer => this.#keys.copy(bytes, keyStart, keyEnd);
    onDisk(this.#what, () => {
      let rows = 0;
      this.#database.exec('BEGIN');
      changes(
        (entry) => {
          this.#put.run(keyOf(entry), this.#values.copy(entry.bytes, entry.valueStart, entry.valueEnd));
          if (++rows % collectedRows === 0) bun?.gc(true);
        },
        (entry) => this.#delete.run(keyOf(entry)),
      );
      this.#database.exec('COMMIT');
    });
  }

  /** Fills `into` with the value of a key. @returns false where there is none */
  get({ buf, length }: Bytes, into: ByteSink): boolean {
    const row = this.#get.get(this.#keys.copy(buf, 0, length)) as { readonly value: Uint8Array } | null | undefined;
    if (!row) return false;
    into.length = 0;
    append(into, row.value);
    return true;
  }

  /** The entries whose keys begin with these bytes, in order. Nothing may be written meanwhile. */
  *entries(prefix: Uint8Array): Generator<StoreEntry> {
    const end = behind(prefix);
    const where = end ? 'key >= ? AND key < ?' : 'key >= ?';
    const select = this.#database.prepare(`SELECT key, value FROM entries WHERE ${where} ORDER BY key`);
    const sink = new ByteSink(1024);
    const entry = noEntry();
    for (const row of select.iterate(prefix, ...(end ? [end] : []))) {
      const { key, value } = row as { readonly key: Uint8Array; readonly value: Uint8Array };
      sink.length = 0;
      append(sink, key);
      append(sink, value);
      entry.bytes = sink.buf;
      entry.keyEnd = key.length;
      entry.valueStart = key.length;
      entry.valueEnd = sink.length;
      yield entry;
    }
  }

  /** Removes the entries up to the last one whose key begins with these bytes. */
  removeThrough(prefix: Uint8Array): void {
    const end = behind(prefix);
    onDisk(this.#what, () => {
      this.#database.prepare(`DELETE FROM entries ${end ? 'WHERE key < ?' : ''}`).run(...(end ? [end] : []));
    });
  }

  /** Gives its room on disk back. */
  close(): void {
    this.#database.close();
  }
}

function append(sink: ByteSink, bytes: Uint8Array): void {
  sink.ensure(bytes.length);
  sink.buf.set(bytes, sink.length);
  sink.length += bytes.length;
}

/** The first key behind all that begin with these bytes; undefined where there is none. */
function behind(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const end = Uint8Array.from(prefix.subarray(0, length));
  end[length - 1]!++;
  return end;
}
