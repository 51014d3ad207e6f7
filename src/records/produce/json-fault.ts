/** Says in words why a text is not JSON: the engines' own messages differ, and few people know what EOF is. */

const space = /[ \t\n\r]*/y;
/** Numbers and words; anything else is a single character. */
const plain = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true(?!\w)|false(?!\w)|null(?!\w)/y;
const word = /[\w$.+-]{1,20}/y;
const escapes = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** What may come next. `first` is a name or the end of an object, `item` a value or the end of a list. */
type Expected = 'value' | 'item' | 'first' | 'name' | 'colon' | 'comma' | 'end';

const expectations: Readonly<Record<Expected, string>> = {
  value: 'a value is expected',
  item: 'a value or ] is expected',
  first: 'a name in quotes or } is expected',
  name: 'a name in quotes is expected',
  colon: 'a colon is expected',
  comma: 'a comma or the end of the object or list is expected',
  end: 'nothing more is expected',
};

/** The first fault in a text that JSON.parse refuses, such as `the object is not closed`. Positions count characters from 1. */
export function jsonFault(text: string): string {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  for (let at = skip(space, text, 0); at < text.length; at = skip(space, text, at)) {
    const character = text[at]!;
    const takesValue: boolean = expected === 'value' || expected === 'item';
    if (character === '"' && (takesValue || expected === 'first' || expected === 'name')) {
      const end = stringEnd(text, at);
      if (typeof end === 'string') return end;
      at = end;
      expected = takesValue ? after(open) : 'colon';
    } else if (takesValue && (character === '{' || character === '[')) {
      open.push(character);
      expected = character === '{' ? 'first' : 'item';
      at++;
    } else if (closes(character, open.at(-1), expected)) {
      open.pop();
      expected = after(open);
      at++;
    } else if (character === ',' && expected === 'comma') {
      expected = open.at(-1) === '{' ? 'name' : 'value';
      at++;
    } else if (character === ':' && expected === 'colon') {
      expected = 'value';
      at++;
    } else {
      const end = takesValue ? skip(plain, text, at) : at;
      if (end === at) return `${found(text, at)} at character ${at + 1}, where ${expectations[expected]}`;
      at = end;
      expected = after(open);
    }
  }
  const last = open.at(-1);
  if (last === undefined) return 'it is empty';
  return last === '{' ? 'the object is not closed' : 'a list is not closed';
}

function after(open: readonly string[]): Expected {
  return open.length === 0 ? 'end' : 'comma';
}

function closes(character: string, last: string | undefined, expected: Expected): boolean {
  if (character === '}') return last === '{' && (expected === 'first' || expected === 'comma');
  return character === ']' && last === '[' && (expected === 'item' || expected === 'comma');
}

/** Where a string ends that begins at `start`, or what is wrong with it. */
function stringEnd(text: string, start: number): number | string {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at + 1;
    if (text[at]! < ' ') return `a control character in a text, at character ${at + 1} (write \\n, \\t or \\u00XX)`;
    if (text[at] !== '\\') continue;
    const end = skip(escapes, text, at);
    if (end === at && at + 1 < text.length) return `a wrong escape ${text.slice(at, at + 2)} at character ${at + 1}`;
    at = Math.max(at, end - 1);
  }
  return 'a text is not closed';
}

function found(text: string, at: number): string {
  const end = skip(word, text, at);
  return JSON.stringify(end > at ? text.slice(at, end) : String.fromCodePoint(text.codePointAt(at)!));
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
