/** The heartbeat of one generation: keeps the member alive, and reports when the generation is over. */
import { pause } from '../../base/pause.ts';

export interface HeartbeatOptions {
  /** Sends one heartbeat and resolves with Kafka's error name (`NONE`). */
  beat(): Promise<string>;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/**
 * Beats until `signal` is aborted. Calls `over` with what ended the generation: the answer, or `lost` when none came. A rebalance
 * ends the generation but not the heartbeat: the member is still in the group, and may commit, until it joins again or the
 * group has waited too long for it; so `over` may be called more than once.
 */
export async function keepAlive({ beat, intervalMs, signal }: HeartbeatOptions, over: (answer: string) => void): Promise<void> {
  try {
    for (;;) {
      await pause(intervalMs, signal);
      const answer = await beat();
      if (answer === 'NONE') continue;
      over(answer);
      if (answer !== 'REBALANCE_IN_PROGRESS') return;
    }
  } catch {
    if (!signal.aborted) over('lost');
  }
}
