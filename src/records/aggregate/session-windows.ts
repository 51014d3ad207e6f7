/** Sessions: windows that last as long as records of a key follow each other; a record between two makes them one. */
import { identityOf, type KeyIdentity, keyOf } from './group-key.ts';
import { inOrder } from './in-order.ts';
import type { OpenWindows, Values, WindowMemory } from './open-windows.ts';
import { WindowState } from './window-state.ts';

export class SessionWindows implements OpenWindows {
  readonly #memory: WindowMemory;
  readonly #gapMs: number;
  /** Of each key all sessions are here, or all are in the archive. */
  readonly #sessions = new Map<KeyIdentity, WindowState[]>();
  /** No session in memory ends before this time. */
  #earliestEnd = Number.POSITIVE_INFINITY;

  constructor(gapMs: number, memory: WindowMemory) {
    this.#gapMs = gapMs;
    this.#memory = memory;
  }

  add(time: number, key: KeyIdentity, values: Values, closedThrough: number): boolean {
    const [start, end] = [time, time + this.#gapMs];
    const sessions = this.#of(key);
    let session = sessions.find((each) => each.start < end && start < each.end);
    if (session) this.#grow(session, start, end, sessions);
    else {
      if (end <= closedThrough) {
        if (sessions.length === 0) this.#sessions.delete(key);
        return false;
      }
      session = WindowState.empty(start, end, keyOf(key), this.#memory.measures);
      this.#memory.hold(session);
      sessions.push(session);
      this.#earliestEnd = Math.min(this.#earliestEnd, end);
    }
    this.#memory.gather(session, values);
    if (this.#memory.isFull) this.#archive();
    return true;
  }

  *close(through: number): Generator<WindowState> {
    const closed: WindowState[] = [];
    if (this.#earliestEnd <= through) {
      let earliest = Number.POSITIVE_INFINITY;
      for (const [key, sessions] of this.#sessions) {
        const open = sessions.filter((session) => session.end > through);
        for (const { end } of open) earliest = Math.min(earliest, end);
        if (open.length === sessions.length) continue;
        closed.push(...sessions.filter((session) => session.end <= through));
        if (open.length > 0) this.#sessions.set(key, open);
        else this.#sessions.delete(key);
      }
      this.#earliestEnd = earliest;
    }
    for (const session of closed) this.#memory.release(session);
    yield* inOrder(closed, this.#memory.archive.close(through));
  }

  restore(state: WindowState): void {
    this.#of(identityOf(state.key)).push(state);
    this.#memory.hold(state);
    this.#earliestEnd = Math.min(this.#earliestEnd, state.end);
    if (this.#memory.isFull) this.#archive();
  }

  #of(key: KeyIdentity): WindowState[] {
    let sessions = this.#sessions.get(key);
    if (!sessions) {
      sessions = this.#memory.archive.takeSessions(keyOf(key));
      this.#sessions.set(key, sessions);
      for (const session of sessions) {
        this.#memory.hold(session);
        this.#earliestEnd = Math.min(this.#earliestEnd, session.end);
      }
    }
    return sessions;
  }

  /** Takes a time in, and all other sessions that it touches. */
  #grow(session: WindowState, start: number, end: number, sessions: WindowState[]): void {
    const touched = sessions.filter((each) => each !== session && each.start < end && start < each.end);
    const first = Math.min(start, session.start, ...touched.map((each) => each.start));
    for (const each of touched) {
      this.#memory.merges(each);
      session.merge(each);
      session.end = Math.max(session.end, each.end);
      sessions.splice(sessions.indexOf(each), 1);
    }
    if (first < session.start) {
      this.#memory.moves(session);
      session.start = first;
    }
    session.end = Math.max(session.end, end);
  }

  #archive(): void {
    for (const [key, sessions] of this.#sessions) {
      this.#memory.archive.putSessions(keyOf(key), sessions);
      for (const session of sessions) this.#memory.release(session);
    }
    this.#sessions.clear();
    this.#earliestEnd = Number.POSITIVE_INFINITY;
  }
}
