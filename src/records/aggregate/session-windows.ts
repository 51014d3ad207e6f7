/** Sessions: windows that last as long as records of a key follow each other; a record between two makes them one. */
import { identityOf, type KeyIdentity, keyOf } from './group-key.ts';
import { inOrder } from './in-order.ts';
import type { OpenWindows, Values, WindowMemory } from './open-windows.ts';
import { WindowState } from './window-state.ts';

/** Of one key. */
interface Sessions {
  /** Those in memory, in the order of time. */
  readonly here: WindowState[];
  /** What the archive, which may be on disk, said of its `lastEnd`: it need not be asked for each record. Undefined: ask it. */
  archivedEnd: number | undefined;
}

export class SessionWindows implements OpenWindows {
  readonly #memory: WindowMemory;
  readonly #gapMs: number;
  readonly #sessions = new Map<KeyIdentity, Sessions>();
  /** No session in memory ends before this time. */
  #earliestEnd = Number.POSITIVE_INFINITY;

  constructor(gapMs: number, memory: WindowMemory) {
    this.#gapMs = gapMs;
    this.#memory = memory;
  }

  add(time: number, key: KeyIdentity, values: Values, closedThrough: number): boolean {
    const end = time + this.#gapMs;
    const sessions = this.#around(time, key);
    // Those from `first` on, and before `next`, touch the record.
    let next = sessions.length;
    while (next > 0 && sessions[next - 1]!.start >= end) next--;
    let first = next;
    while (first > 0 && sessions[first - 1]!.end > time) first--;
    let session = sessions[first];
    if (session && first < next) this.#grow(session, time, sessions.splice(first + 1, next - first - 1));
    else {
      if (end <= closedThrough) {
        if (sessions.length === 0) this.#sessions.delete(key);
        return false;
      }
      session = WindowState.empty(time, end, keyOf(key), this.#memory.measures);
      this.#hold(session);
      sessions.splice(first, 0, session);
    }
    this.#memory.gather(session, values);
    if (this.#memory.isFull) this.#archive();
    return true;
  }

  *close(through: number): Generator<WindowState> {
    const closed: WindowState[] = [];
    if (this.#earliestEnd <= through) {
      let earliest = Number.POSITIVE_INFINITY;
      for (const [key, { here: sessions }] of this.#sessions) {
        let open = 0;
        for (; open < sessions.length && sessions[open]!.end <= through; open++) closed.push(sessions[open]!);
        if (open === sessions.length) this.#sessions.delete(key);
        else {
          if (open > 0) sessions.splice(0, open);
          earliest = Math.min(earliest, sessions[0]!.end);
        }
      }
      this.#earliestEnd = earliest;
    }
    for (const session of closed) this.#memory.release(session);
    yield* inOrder(closed, this.#memory.archive.close(through));
  }

  restore(state: WindowState): void {
    const { here: sessions } = this.#of(identityOf(state.key));
    let at = sessions.length;
    while (at > 0 && sessions[at - 1]!.start > state.start) at--;
    sessions.splice(at, 0, state);
    this.#hold(state);
    if (this.#memory.isFull) this.#archive();
  }

  /** The sessions of a key in memory, which are all that a record of this time can touch. */
  #around(time: number, key: KeyIdentity): WindowState[] {
    const sessions = this.#of(key);
    const { archive } = this.#memory;
    sessions.archivedEnd ??= archive.lastEnd(keyOf(key));
    if (sessions.archivedEnd <= time) return sessions.here;
    for (const session of archive.takeSessions(keyOf(key))) {
      this.#hold(session);
      sessions.here.push(session);
    }
    sessions.archivedEnd = Number.NEGATIVE_INFINITY;
    return sessions.here.sort((a, b) => a.start - b.start);
  }

  #of(key: KeyIdentity): Sessions {
    let sessions = this.#sessions.get(key);
    if (!sessions) {
      sessions = { here: [], archivedEnd: undefined };
      this.#sessions.set(key, sessions);
    }
    return sessions;
  }

  #hold(session: WindowState): void {
    this.#memory.hold(session);
    this.#earliestEnd = Math.min(this.#earliestEnd, session.end);
  }

  /** Takes a time in, and other sessions, which the time joins to this one. */
  #grow(session: WindowState, time: number, others: readonly WindowState[]): void {
    const start = Math.min(time, session.start);
    for (const other of others) {
      this.#memory.merge(other, session);
      session.end = Math.max(session.end, other.end);
    }
    if (start < session.start) {
      this.#memory.moves(session);
      session.start = start;
    }
    session.end = Math.max(session.end, time + this.#gapMs);
  }

  /** Only the last session of a key is likely to grow: it stays, as long as that makes enough room. */
  #archive(): void {
    this.#put((sessions) => sessions.splice(0, sessions.length - 1));
    if (this.#memory.isFilling) this.#put((sessions) => sessions.splice(0));
  }

  #put(chosen: (sessions: WindowState[]) => readonly WindowState[]): void {
    for (const [key, sessions] of this.#sessions) {
      const put = chosen(sessions.here);
      if (put.length > 0) {
        this.#memory.archive.putSessions(keyOf(key), put);
        sessions.archivedEnd = undefined;
      }
      for (const session of put) this.#memory.release(session);
      if (sessions.here.length === 0) this.#sessions.delete(key);
    }
  }
}
