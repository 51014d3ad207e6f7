/** Names as people give them: exact ones, globs, and regular expressions as Kafka's own scripts take them. */
import { usageError } from './errors.ts';

export interface NamePattern {
  readonly text: string;
  /** Whether it is one exact name. */
  readonly exact: boolean;
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
  return /^\/(.+)\/$/.exec(text)?.[1];
}

/**
 * Reads one name or pattern. A text with only `*` and `?` besides a name's characters is a glob (`orders-*`);
 * one with further special characters, or between slashes, is a regular expression that must match the whole name, as in Kafka's scripts.
 * @throws KtError `usage` for an invalid regular expression
 */
export function namePattern(text: string): NamePattern {
  if (!isPattern(text)) return { text, exact: true, matches: (name) => name === text };
  const source = slashedSource(text) ?? (beyondGlob.test(text) ? text : globSource(text));
  const expression = wholeName(source, text);
  return { text, exact: false, matches: (name) => expression.test(name) };
}

/** @throws KtError `usage` for a pattern: what it matches should be checked before it is changed */
export function requireNames(command: string, texts: readonly string[]): void {
  const pattern = texts.find((text) => !namePattern(text).exact);
  if (pattern === undefined) return;
  throw usageError(`${pattern} (${command} takes names, not patterns)`, `kt topics list '${pattern}' -o name shows them`);
}

/** A hint where a glob found nothing but the same text as a regular expression would: the glob `orders.*` requires the dot. */
export function unmatchedHint(pattern: NamePattern, names: Iterable<string>): string | undefined {
  if (pattern.exact || beyondGlob.test(pattern.text) || pattern.text.startsWith('/')) return undefined;
  const expression = /^[*?]/.test(pattern.text) ? undefined : wholeName(pattern.text, pattern.text);
  for (const name of names)
    if (expression?.test(name)) return `* and ? are wildcards here; for a regular expression write '/${pattern.text}/'`;
  return undefined;
}

function globSource(text: string): string {
  return text.replace(/[.*?]/g, (character) => (character === '*' ? '.*' : character === '?' ? '.' : '\\.'));
}

function wholeName(source: string, text: string): RegExp {
  try {
    return new RegExp(`^(?:${source})$`, 's');
  } catch (error) {
    const why = (error as Error).message.replace(/^Invalid regular expression: /, '');
    throw usageError(
      `'${text}' (not a regular expression: ${why})`,
      "quote a pattern such as 'orders-*' or '/orders-(eu|us)/'",
    );
  }
}
