/** What a string literal of Protobuf's text and of its descriptors' defaults stands for: C escapes, which may name single bytes. */

const escapes = /\\(?:([abfnrtv?'"\\])|([0-7]{1,3})|[xX]([\dA-Fa-f]{1,2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|[\s\S])/g;
const letters: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const highestCodePoint = 0x10ffff;

/** @param text the literal without its quotes; @returns undefined for an escape that does not exist */
export function literalBytes(text: string): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (const found of text.matchAll(escapes)) {
    parts.push(Buffer.from(text.slice(at, found.index)));
    at = found.index + found[0].length;
    const [, letter, octal, hex, short, long] = found;
    if (letter !== undefined) parts.push(Buffer.from(letters[letter] ?? letter));
    else if (octal !== undefined) parts.push(Buffer.from([Number.parseInt(octal, 8) & 0xff]));
    else if (hex !== undefined) parts.push(Buffer.from([Number.parseInt(hex, 16)]));
    else {
      const point = Number.parseInt(short ?? long ?? '', 16);
      if (!(point <= highestCodePoint)) return undefined;
      parts.push(Buffer.from(String.fromCodePoint(point)));
    }
  }
  parts.push(Buffer.from(text.slice(at)));
  return Buffer.concat(parts);
}
