/** Regular expressions of JavaScript as Java has them: what means the same in both, or can be made to. */
import { SqlRefusal } from './fields.ts';

/** One token, by kind: escape, beginning of a group, class, quantifier, sign, plain character. */
const token =
  /\\[dDwntrf\\/.^$*+?()[\]{}|-]|\((?:\?:|(?!\?))|\[\^?(?:\\[dwntrf\\/.^$*+?()[\]{}|-]|[^\\[\]&])+\]|(?:[*+?]|\{\d+(?:,\d*)?\})\??|[.$^|)]|[^\\[\](){}*+?.$^|]/y;

/** What a regular expression is in Java, and whether it may count characters otherwise than JavaScript does. */
export interface JavaPattern {
  readonly source: string;
  readonly countsCharacters: boolean;
}

/** @throws SqlRefusal for what Java may understand otherwise */
export function javaPattern(source: string, flags: string): JavaPattern {
  if (/[^gi]/.test(flags)) throw new SqlRefusal(`a regular expression with the flags ${flags}`, 'only i can be translated');
  if (flags.includes('i') && /[^\0-\x7f]/.test(source))
    throw new SqlRefusal('letters beyond ASCII in a regular expression that ignores case');
  if (/[\ud800-\udfff]/.test(source)) throw new SqlRefusal('characters beyond U+FFFF in a regular expression');
  token.lastIndex = 0;
  let java = flags.includes('i') ? '(?i)' : '';
  let countsCharacters = false;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    if (!token.test(source))
      throw new SqlRefusal(`${source.slice(at, at + 3)} in a regular expression means something else in Java`);
    const text = source.slice(at, token.lastIndex);
    countsCharacters ||= text === '.' || text === '\\D' || text.startsWith('[^');
    java += inJava(text);
  }
  return { source: java, countsCharacters };
}

function inJava(text: string): string {
  if (text === '$') return '\\z';
  if (text === '.') return '[^\\n\\r\\u2028\\u2029]';
  return text;
}
