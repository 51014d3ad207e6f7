/** The embedded database where the runtime has one: SQLite, in Bun and in Node from 22.13 on. */
import { getBuiltinModule, versions } from 'node:process';
import { KtError } from '../../base/errors.ts';

type SqlValue = Uint8Array;

export interface SqlStatement {
  run(...values: readonly SqlValue[]): unknown;
  get(...values: readonly SqlValue[]): unknown;
  iterate(...values: readonly SqlValue[]): Iterable<unknown>;
}

export interface SqlDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqlStatement;
  close(): void;
}

interface Sqlite {
  readonly DatabaseSync: new (path: string) => SqlDatabase;
}

/**
 * Opens a database of this process alone, on disk. Its file is deleted as soon as it is open (an empty name asks SQLite for that), so that
 * nothing is left however kt ends, and nobody else can open it.
 * @param what needs it, as people call it
 * @throws KtError `refused` where the runtime has none
 */
export function openPrivateDatabase(what: string): SqlDatabase {
  const sqlite = getBuiltinModule('node:sqlite' as 'node:fs') as unknown as Sqlite | undefined;
  if (!sqlite) {
    throw new KtError('refused', `${what} has more keys than its memory holds (Node ${versions.node} has no SQLite)`, {
      code: 'OUT_OF_MEMORY',
      hint: 'the kt binary, or Node 22.13 or later, keeps the rest on disk; or allow more: --max-memory 1GiB',
    });
  }
  const database = new sqlite.DatabaseSync('');
  // What is in it is worth nothing once kt has ended, so nothing is done for its safety.
  database.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384',
  );
  return database;
}

/** SQLite's codes: SQLITE_FULL, and SQLITE_IOERR in its lower eight bits. */
const full = 13;
const ioError = 10;

/** Runs work on the database. @throws KtError `refused` when the disk has no room */
export function onDisk<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { errcode = 0, message } = error as Error & { errcode?: number };
    if ((errcode & 0xff) !== full && (errcode & 0xff) !== ioError) throw error;
    throw new KtError('refused', `${what} cannot keep what its memory does not hold on disk (${message})`, {
      code: 'ENOSPC',
      hint: 'free some space where temporary files are (/var/tmp), or name another directory: SQLITE_TMPDIR=/data kt …',
      cause: error,
    });
  }
}
