/** Memory given back sooner than the runtime would by itself. */

interface Runtime {
  /** Bun's; Node has none. */
  readonly Bun?: { gc?(isWaitedFor: boolean): void };
}

/**
 * For a program that stays, after it has read megabytes of which it keeps little: left alone, the runtime lets the heap grow to a multiple of
 * what is kept before it looks. Takes some ten milliseconds, which are waited for: asked not to wait, Bun 1.4.5 leaves the old garbage.
 */
export function collectGarbage(): void {
  (globalThis as Runtime).Bun?.gc?.(true);
}
