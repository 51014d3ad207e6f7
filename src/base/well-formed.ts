/** Text that UTF-8 can hold: half of a surrogate pair has no bytes, and Buffer would write U+FFFD for it. */

declare global {
  interface String {
    /** ES2024, on Node 20 and Bun. */
    isWellFormed(): boolean;
  }
}

export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}
