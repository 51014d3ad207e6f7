/**
 * JSON text → values as JSON.parse gives them (the last counts of a name that is there twice), except that integers keep every digit, and
 * that an error names line and column.
 */

/** Integers are bigints where a number would lose digits. */
export type ExactJson = null | boolean | number | bigint | string | ExactJson[] | { [name: string]: ExactJson };

/** Deeper schemas are refused rather than overflowing the stack; other readers have such limits too. */
const deepest = 1000;
const quote = 34;
const backslash = 92;
const space = /[ \t\r\n]*/y;
/** One comment: engines run out of stack where a pattern repeats an alternation a million times. */
const comment = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/y;
const word = /[^\s,:{}[\]"]+/y;
const number = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
/** A run of digits that a number may not hold. */
const longRun = /\d{16}/;

/**
 * @param takesComments whether `/* … *\/` and `// …` may stand between tokens, as Java's Avro takes them
 * @throws SyntaxError with line and column, also for what is nested deeper than 1000
 */
export function readExactJson(text: string, takesComments = false): ExactJson {
  return new ExactJsonReader(text, takesComments, deepest).whole();
}

/**
 * The same for data, at any depth that the stack takes, by JSON.parse where that loses nothing: it is much faster.
 * @throws SyntaxError for what is not JSON, RangeError for what is too deep
 */
export function parseExactJson(text: string): ExactJson {
  return longRun.test(text) ? new ExactJsonReader(text, false, Number.POSITIVE_INFINITY).whole() : JSON.parse(text);
}

/** The value that a JSON text says, exact; undefined for what is not JSON. */
export function jsonValue(text: string): ExactJson | undefined {
  try {
    return parseExactJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The text of a value, with every digit, compact. */
export function exactJsonText(value: ExactJson): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(exactJsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${exactJsonText(member)}`);
  return `{${members.join(',')}}`;
}

/** The same over several lines, as JSON.stringify lays it out with two spaces. @param margin what the lines behind the first begin with */
export function exactJsonLines(value: ExactJson, margin = ''): string {
  const inner = `${margin}  `;
  const block = (open: string, items: readonly string[], close: string): string =>
    items.length === 0 ? open + close : `${open}\n${items.map((item) => inner + item).join(',\n')}\n${margin}${close}`;
  if (typeof value !== 'object' || value === null) return exactJsonText(value);
  if (Array.isArray(value))
    return block(
      '[',
      value.map((item) => exactJsonLines(item, inner)),
      ']',
    );
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${exactJsonLines(member, inner)}`);
  return block('{', members, '}');
}

class ExactJsonReader {
  readonly #text: string;
  readonly #takesComments: boolean;
  readonly #deepest: number;
  #at = 0;

  constructor(text: string, takesComments: boolean, deepest: number) {
    this.#text = text;
    this.#takesComments = takesComments;
    this.#deepest = deepest;
  }

  whole(): ExactJson {
    const value = this.#value(0);
    if (this.#next() !== undefined) this.#fail('text follows the value');
    return value;
  }

  #fail(problem: string): never {
    const before = this.#text.slice(0, this.#at).split('\n');
    throw new SyntaxError(`line ${before.length}, column ${before.at(-1)!.length + 1}: ${problem}`);
  }

  /** The character that the next token begins with. */
  #next(): string | undefined {
    do this.#skip(space);
    while (this.#takesComments && this.#skip(comment));
    return this.#text[this.#at];
  }

  /** Passes over what the pattern finds here; false if that is nothing. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #value(depth: number): ExactJson {
    if (depth > this.#deepest) this.#fail(`nested deeper than ${this.#deepest}`);
    switch (this.#next()) {
      case undefined:
        return this.#fail('the text ends too early');
      case '{':
        return this.#object(depth + 1);
      case '[':
        return this.#list(depth + 1);
      case '"':
        return this.#string();
      default:
        return this.#word();
    }
  }

  #list(depth: number): ExactJson[] {
    const items: ExactJson[] = [];
    this.#at++;
    if (this.#closes(']')) return items;
    do items.push(this.#value(depth));
    while (this.#continues(']'));
    return items;
  }

  #object(depth: number): ExactJson {
    const object: Record<string, ExactJson> = {};
    this.#at++;
    if (this.#closes('}')) return object;
    do {
      if (this.#next() !== '"') this.#fail('a name in quotes is wanted');
      const name = this.#string();
      if (this.#next() !== ':') this.#fail('a colon is wanted');
      this.#at++;
      const value = this.#value(depth);
      // An assignment to __proto__ would set the prototype.
      if (name === '__proto__')
        Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
      else object[name] = value;
    } while (this.#continues('}'));
    return object;
  }

  #closes(closer: string): boolean {
    if (this.#next() !== closer) return false;
    this.#at++;
    return true;
  }

  #continues(closer: string): boolean {
    if (this.#closes(closer)) return false;
    if (this.#text[this.#at] !== ',') this.#fail(`a comma or ${closer} is wanted`);
    this.#at++;
    return true;
  }

  #string(): string {
    const text = this.#text;
    let end = this.#at + 1;
    while (end < text.length && text.charCodeAt(end) !== quote) end += text.charCodeAt(end) === backslash ? 2 : 1;
    try {
      const value: string = JSON.parse(text.slice(this.#at, end + 1));
      this.#at = end + 1;
      return value;
    } catch {
      return this.#fail('this string is no JSON string');
    }
  }

  #word(): ExactJson {
    word.lastIndex = this.#at;
    const found = word.exec(this.#text)?.[0] ?? this.#text[this.#at]!;
    const value = valueOfWord(found);
    if (value === undefined) return this.#fail(`${found} is no JSON value`);
    this.#at += found.length;
    return value;
  }
}

function valueOfWord(text: string): ExactJson | undefined {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const found = number.exec(text);
  if (!found) return undefined;
  const value = Number(text);
  const isInteger = found[1] === undefined && found[2] === undefined;
  return isInteger && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
