/** Names as people give them: exact ones, globs, and regular expressions as Kafka's own scripts take them. */
import { usageError } from './errors.ts';

export interface NamePattern {
  readonly text: string;
  /** Names one thing, which has to exist. */
  readonly exact: boolean;
  matches(name: string): boolean;
}

/** What no topic name holds, and hardly a group's: a text with any of these is a pattern. */
const patternCharacter = /[*?+|()[\]{}^$\\]/;
const beyondGlob = /[+|()[\]{}^$\\]/;

/** Whether a text reads as a pattern; something of that very name may exist all the same. */
export function isPattern(text: string): boolean {
  return slashedSource(text) !== undefined || patternCharacter.test(text);
}

/** What stands between slashes: a regular expression. */
function slashedSource(text: string): string | undefined {
  return /^\/(.+)\/$/.exec(text)?.[1];
}

/**
 * Reads one name or pattern. A text that holds only `*` and `?` besides a name's characters is a glob (`orders-*`);
 * one with further special characters, or between slashes, is a regular expression that must match the whole name, as in Kafka's scripts.
 * @throws KtError `usage` for a regular expression that is none
 */
export function namePattern(text: string): NamePattern {
  if (!isPattern(text)) return { text, exact: true, matches: (name) => name === text };
  const source = slashedSource(text) ?? (beyondGlob.test(text) ? text : globSource(text));
  const expression = wholeName(source, text);
  return { text, exact: false, matches: (name) => expression.test(name) };
}

/** @throws KtError `usage` for a pattern: what it stands for should be looked at before it is changed */
export function requireNames(command: string, texts: readonly string[]): void {
  const pattern = texts.find((text) => !namePattern(text).exact);
  if (pattern === undefined) return;
  throw usageError(`${pattern} (${command} takes names, not patterns)`, `kt topics list '${pattern}' -o name shows them`);
}

/** Why a pattern found nothing although a reading of it as a regular expression would have: `orders.*` as a glob wants the dot. */
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
