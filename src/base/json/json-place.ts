/** Where a value stands in JSON text, at a path through objects and lists: for single looks, where `JsonPaths` reads many alike. */

const quote = 34;
const comma = 44;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
const space = 32;
const colon = 58;

/** `bytes[start, end)` of a value. */
export interface JsonPlace {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds what stands at a path of names and, for lists, numbers from 0. Of a name that is there twice the last counts.
 * @param bytes JSON in `[start, end)`, already known to be valid (`isJson`)
 * @returns undefined where there is nothing
 */
export function jsonPlace(bytes: Uint8Array, start: number, end: number, path: readonly string[]): JsonPlace | undefined {
  let place: JsonPlace | undefined = { start: skipSpace(bytes, start), end };
  for (const name of path) {
    const first: number | undefined = bytes[place.start];
    if (first === openBrace) place = memberOf(bytes, place.start, name);
    else if (first === openBracket && /^\d+$/.test(name)) place = itemOf(bytes, place.start, Number(name));
    else return undefined;
    if (!place) return undefined;
  }
  return { start: place.start, end: valueEnd(bytes, place.start) };
}

function memberOf(bytes: Uint8Array, brace: number, name: string): JsonPlace | undefined {
  let found: JsonPlace | undefined;
  for (let at = skipSpace(bytes, brace + 1); bytes[at] !== closeBrace; ) {
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1);
    const nameEnd = stringEnd(bytes, at);
    const isWanted = textOf(bytes, at, nameEnd) === name;
    at = skipSpace(bytes, nameEnd);
    if (bytes[at] === colon) at = skipSpace(bytes, at + 1);
    const end = valueEnd(bytes, at);
    if (isWanted) found = { start: at, end };
    at = skipSpace(bytes, end);
  }
  return found;
}

function itemOf(bytes: Uint8Array, bracket: number, index: number): JsonPlace | undefined {
  let at = skipSpace(bytes, bracket + 1);
  for (let count = 0; bytes[at] !== closeBracket; count++) {
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1);
    const end = valueEnd(bytes, at);
    if (count === index) return { start: at, end };
    at = skipSpace(bytes, end);
  }
  return undefined;
}

/** A JSON string, quotes included, as text. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString());
}

function valueEnd(bytes: Uint8Array, start: number): number {
  const first = bytes[start]!;
  if (first === quote) return stringEnd(bytes, start);
  let at = start;
  if (first !== openBrace && first !== openBracket) {
    while (at < bytes.length && !isEnd(bytes[at]!)) at++;
    return at;
  }
  for (let depth = 0; ; ) {
    const byte = bytes[at]!;
    if (byte === quote) {
      at = stringEnd(bytes, at);
      continue;
    }
    at++;
    if (byte === openBrace || byte === openBracket) depth++;
    else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return at;
  }
}

/** What ends a number or a word. */
function isEnd(byte: number): boolean {
  return byte <= space || byte === comma || byte === closeBrace || byte === closeBracket;
}

function stringEnd(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; ; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at + 1;
  }
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at]! <= space) at++;
  return at;
}
