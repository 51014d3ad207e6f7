/** Names as people give them: exact ones, globs, and regular expressions as Kafka's own scripts take them. */
import { usageError } from './errors.ts';
import { isPlain, loadedRegex, type TextPattern } from './regex/plain.ts';
import { shellWord } from './shell-word.ts';

export interface NamePattern {
  readonly text: string;
  /** Whether it can only be a name. */
  readonly exact: boolean;
  /** True for the name that is this very text too, also where the pattern would not match it. */
  matches(name: string): boolean;
}

/** Characters that no topic's name and hardly a group's has: a text with any of them is a pattern. */
const patternCharacter = /[*?+|()[\]{}^$\\]/;
const beyondGlob = /[+|()[\]{}^$\\]/;

/** Whether a text is read as a pattern; something may still have exactly that name. */
export function isPattern(text: string): boolean {
  return slashedSource(text) !== undefined || patternCharacter.test(text);
}

/** What stands between slashes: a regular expression. */
function slashedSource(text: string): string | undefined {
  return /^\/(.+)\/$/s.exec(text)?.[1];
}

/**
 * Reads one name or pattern. A text with only `*` and `?` besides a name's characters is a glob (`orders-*`);
 * one with further special characters, or between slashes, is a regular expression that must match the whole name, as in Kafka's scripts.
 * A group may be named `*`: a pattern stands for the name that is its own text as well as for the names it matches, never for only one of
 * them, so that a check cannot be narrowed by somebody who creates a group of that name.
 * @throws KtError `usage` for an invalid regular expression
 */
export function namePattern(text: string): NamePattern {
  if (!isPattern(text)) return { text, exact: true, matches: (name) => name === text };
  const expression = wholeName(sourceOf(text), text);
  return { text, exact: false, matches: (name) => name === text || expression.test(name) };
}

/** `namePattern` where the names are known: a name that is no valid regular expression, such as `a(b`, stands for itself. */
export function namePatternAmong(text: string, names: { has(name: string): boolean }): NamePattern {
  try {
    return namePattern(text);
  } catch (error) {
    if (!names.has(text)) throw error;
    return { text, exact: true, matches: (name) => name === text };
  }
}

/** For a text that is a name and a pattern at once: how to write only the name, and only the pattern. */
export function unambiguous(text: string): { readonly name: string; readonly pattern: string } {
  return { name: `/${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}/`, pattern: `/${sourceOf(text)}/` };
}

/** The regular expression that a pattern stands for. */
function sourceOf(text: string): string {
  return slashedSource(text) ?? (beyondGlob.test(text) ? text : globSource(text));
}

/** @throws KtError `usage` for a pattern: what it matches should be checked before it is changed */
export function requireNames(command: string, texts: readonly string[]): void {
  const pattern = texts.find((text) => !namePattern(text).exact);
  if (pattern === undefined) return;
  throw usageError(
    `${pattern} (${command} takes names, not patterns)`,
    `kt topics list ${shellWord(pattern)} -o name shows them`,
  );
}

/** A hint where a glob found nothing but the same text as a regular expression would: the glob `orders.*` requires the dot. */
export function unmatchedHint(pattern: NamePattern, names: Iterable<string>): string | undefined {
  if (pattern.exact || beyondGlob.test(pattern.text) || pattern.text.startsWith('/')) return undefined;
  const expression = /^[*?]/.test(pattern.text) ? undefined : wholeName(pattern.text, pattern.text);
  for (const name of names)
    if (expression?.test(name))
      return `* and ? are wildcards here; for a regular expression write ${shellWord(`/${pattern.text}/`)}`;
  return undefined;
}

function globSource(text: string): string {
  return text.replace(/[.*?]/g, (character) => (character === '*' ? '.*' : character === '?' ? '.' : '\\.'));
}

function wholeName(source: string, text: string): TextPattern {
  const whole = `^(?:${source})$`;
  try {
    if (isPlain(source, 1)) return new RegExp(whole, 's');
    return loadedRegex().of(`'${text}'`, whole, 's');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const why = error.message.replace(/^Invalid regular expression: /, '');
    throw usageError(
      `'${text}' (not a regular expression: ${why})`,
      "quote a pattern such as 'orders-*' or '/orders-(eu|us)/'",
    );
  }
}
