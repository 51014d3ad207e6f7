/** Reads JSON text into a document, numbers to the last digit. */
import { WireError } from '../../kafka/wire/reader.ts';
import { checkDepth, checkNames, type DocumentMaker, type FloatWidth, plainValues } from './document.ts';

const separators = /[\s,:]*/y;
const word = /[^\s,:{}[\]"]+/y;
const integer = /^(?:0|-?[1-9]\d*)$/;

/**
 * Reads JSON text, numbers to the last digit.
 * @throws WireError for what is not JSON, has a name twice in an object, or a number that no float can hold
 */
export function readJson<T>(text: string, maker: DocumentMaker<T>): T {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new WireError((error as Error).message);
  }
  return new JsonReader(text, maker).value(0);
}

/** A run of digits that a number may not hold; texts and fractions have them too, which costs only time. */
const longInteger = /\d{16}/;

/** The value that a JSON text says, as JSON.parse gives it, but with all digits of integers; undefined for what is not JSON. */
export function jsonValue(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return longInteger.test(text) ? new JsonReader(text, plainValues, true).value(0) : value;
}

/** Walks over text that is known to be JSON: commas and colons need no look. */
class JsonReader<T> {
  readonly #text: string;
  readonly #maker: DocumentMaker<T>;
  readonly #isLenient: boolean;
  #at = 0;

  /** @param isLenient takes what JSON.parse takes: any depth, a name twice, of which the last counts, and floats beyond their range */
  constructor(text: string, maker: DocumentMaker<T>, isLenient = false) {
    this.#text = text;
    this.#maker = maker;
    this.#isLenient = isLenient;
  }

  value(depth: number): T {
    if (!this.#isLenient) checkDepth(depth);
    switch (this.#next()) {
      case '{':
        return this.#map(depth + 1);
      case '[':
        return this.#list(depth + 1);
      case '"':
        return this.#maker.text(this.#string());
      default:
        return this.#word();
    }
  }

  /** The character that the next token begins with. */
  #next(): string | undefined {
    separators.lastIndex = this.#at;
    separators.test(this.#text);
    this.#at = separators.lastIndex;
    return this.#text[this.#at];
  }

  #list(depth: number): T {
    const items: T[] = [];
    this.#at++;
    while (this.#next() !== ']') items.push(this.value(depth));
    this.#at++;
    return this.#maker.list(items);
  }

  #map(depth: number): T {
    const entries: (readonly [string, T])[] = [];
    this.#at++;
    while (this.#next() !== '}') entries.push([this.#string(), this.value(depth)]);
    this.#at++;
    if (!this.#isLenient) checkNames(entries);
    return this.#maker.map(entries);
  }

  #string(): string {
    const start = this.#at;
    let at = start + 1;
    for (; this.#text[at] !== '"'; at++) if (this.#text[at] === '\\') at++;
    this.#at = at + 1;
    return JSON.parse(this.#text.slice(start, this.#at));
  }

  #word(): T {
    word.lastIndex = this.#at;
    const [found] = word.exec(this.#text)!;
    this.#at = word.lastIndex;
    if (found === 'null') return this.#maker.null();
    if (found === 'true' || found === 'false') return this.#maker.boolean(found === 'true');
    if (integer.test(found)) return this.#maker.integer(BigInt(found));
    const value = Number(found);
    const isTooSmall = value === 0 && /^[^eE]*[1-9]/.test(found);
    if (!this.#isLenient && (!Number.isFinite(value) || isTooSmall))
      throw new WireError(`${found} is beyond what a float can hold`);
    return this.#maker.float(value, widthOf(found, value));
  }
}

/** The width that the number's spelling asks for, if that holds the value. */
function widthOf(text: string, value: number): FloatWidth {
  const spelled = /E[+-]?(0?)\d/.exec(text);
  if (!spelled || Math.fround(value) !== value) return 8;
  return spelled[1] === '0' ? 2 : 4;
}
