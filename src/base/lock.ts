/** A lock file, for work that only one process may do at a time. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pause } from './pause.ts';

/** How often a lock that another process holds is looked at. */
const lookMs = 50;

/** Whether the process that wrote its id into the lock is gone. An empty file is one being written. */
function isStale(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/**
 * Runs `work` while holding the lock file, waiting for whoever holds it now; a lock left by a dead process is taken over.
 * @throws the signal's reason; Error with a system `code` when the file cannot be made; what the work throws
 */
export async function withLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isStale(path)) rmSync(path, { force: true });
      else await pause(lookMs, signal);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
