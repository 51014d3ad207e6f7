/** Reads JSON text into a document, numbers to the last digit. */
import { WireError } from '../../kafka/wire/reader.ts';
import { checkDepth, checkNames, type DocumentMaker, type FloatWidth } from './document.ts';

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

/** Walks over text that is known to be JSON: commas and colons need no look. */
class JsonReader<T> {
  readonly #text: string;
  readonly #maker: DocumentMaker<T>;
  #at = 0;

  constructor(text: string, maker: DocumentMaker<T>) {
    this.#text = text;
    this.#maker = maker;
  }

  value(depth: number): T {
    checkDepth(depth);
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
    checkNames(entries);
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
    if (!Number.isFinite(value) || isTooSmall) throw new WireError(`${found} is beyond what a float can hold`);
    return this.#maker.float(value, widthOf(found, value));
  }
}

/** The width that the number's spelling asks for, if that holds the value. */
function widthOf(text: string, value: number): FloatWidth {
  const spelled = /E[+-]?(0?)\d/.exec(text);
  if (!spelled || Math.fround(value) !== value) return 8;
  return spelled[1] === '0' ? 2 : 4;
}
