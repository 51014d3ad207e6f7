/** What a test's `after` is, for programs that are no tests. */

/** `end` does what was left for the end, the last first. */
export function endings(): { readonly during: { after(end: () => unknown): void }; end(): Promise<void> } {
  const ends: (() => unknown)[] = [];
  return {
    during: { after: (end) => void ends.push(end) },
    async end() {
      for (const each of ends.reverse()) await each();
    },
  };
}
