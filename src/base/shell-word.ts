/** Names inside commands that kt suggests, written so that a shell takes each as one word, whatever is in it. */

const needsNoQuotes = /^[\w@%+:,./-][\w@%+=:,./-]*$/;
/** What a terminal would act on or not show, and what a line of text cannot hold. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * A text as a word of a command line: as it is where it needs no quotes, else between single quotes. A text with control or invisible
 * characters becomes `$'a\nb'`, which bash, zsh and ksh take (POSIX.1-2024).
 */
export function shellWord(text: string): string {
  if (needsNoQuotes.test(text)) return text;
  if (!unseen.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${text.replaceAll(/[\\']/g, '\\$&').replaceAll(new RegExp(unseen, 'gu'), escaped)}'`;
}

/** Byte by byte: shells read `\u` in the encoding of the locale, octal digits everywhere the same. */
function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
