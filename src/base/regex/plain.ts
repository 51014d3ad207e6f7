/** Regular expressions that are safe at a glance, and the loading of what makes others safe. */
import type { Regex } from './regex.ts';

/** What both RegExp and Regex are. */
export interface TextPattern {
  readonly source: string;
  readonly flags: string;
  test(text: string): boolean;
}

/**
 * Whether the runtime's own engine cannot be slow with it.
 * @param repeats how many repetitions of one character it may have: none where texts may be long
 */
export function isPlain(source: string, repeats: 0 | 1): boolean {
  if (/\\[1-9k]|\)[*+?{]|\(\?/.test(source)) return false;
  return (source.match(/[*+?{]/g)?.length ?? 0) <= repeats && source.split('|').length <= 6;
}

let regex: typeof Regex | undefined;

/** Loads what name patterns need that are not plain, if any of a command line's words may be one. To be awaited before any is read. */
export async function loadRegexFor(words: readonly string[]): Promise<void> {
  if (!words.every((word) => isPlain(word, 1))) regex = await load();
}

/** What was loaded. */
export function loadedRegex(): typeof Regex {
  if (!regex) throw new Error('a pattern was read before loadRegexFor');
  return regex;
}

async function load(): Promise<typeof Regex> {
  return (await import('./regex.ts')).Regex;
}

/**
 * A regular expression as one that no text can make slow.
 * @param flag who asked, for errors: `--value`
 * @throws KtError `usage` for one that nothing can make so
 */
export async function safePattern(flag: string, { source, flags }: RegExp): Promise<TextPattern> {
  // What makes an expression remember where it was has no meaning here.
  const kept = flags.replace(/[gy]/g, '');
  if (isPlain(source, 0) && !kept.includes('v')) return new RegExp(source, kept);
  return (await load()).of(`${flag} /${source}/${flags}`, source, kept);
}
