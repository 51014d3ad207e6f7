/** What a follower asks a group's coordinator for is asked for again, as long as an outage lasts. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { ReadEvents } from './request.ts';

/** Each try already takes its time: a coordinator is looked for for 30 s. */
const retryMs = 500;
/** Errors that say that the coordinator is away, not that it refuses. */
const away: ReadonlySet<string | undefined> = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
]);

/** Repeats work that failed because no coordinator answered; says once that it waits, and once that it goes on. */
export async function outlasting<T>(
  group: string,
  { signal, warn, note }: Pick<ReadEvents, 'signal' | 'warn' | 'note'>,
  work: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      const result = await work();
      if (failures > 0) note(`group ${group}: the coordinator answers again`);
      return result;
    } catch (error) {
      if (signal.aborted || !(error instanceof KtError) || (error.kind !== 'connection' && !away.has(error.code))) throw error;
      if (failures === 0) warn(`group ${group}: waiting for its coordinator (${error.message})`);
    }
    await pause(retryMs, signal);
  }
}
