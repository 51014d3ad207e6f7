/** What a test's `after` is, for programs that are no tests. */

/** `end` does what was left for the end, the last first. */
export function endings(): { readonly during: { after(end: () => unknown): void }; end(): Promise<void> } {
  const ends: (() => unknown)[] = [];
  return {
    during: { after: (end) => void ends.push(end) },
    async end() {
      const errors: unknown[] = [];
      for (const each of ends.reverse()) {
        // One that fails must not leave the clusters and processes of the others behind.
        try {
          await each();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
    },
  };
}
