/** Bytes at random, of the kinds that keys and values have. */
import fc from 'fast-check';

/** Sequences that are no UTF-8, each for another reason. */
export const invalidUtf8: Readonly<Record<string, readonly number[]>> = {
  'a lone continuation byte': [0x80],
  'a start byte alone': [0xc3],
  'a start byte before ASCII': [0xc3, 0x41],
  'an overlong slash': [0xc0, 0xaf],
  'an overlong slash of three bytes': [0xe0, 0x80, 0xaf],
  'an overlong slash of four bytes': [0xf0, 0x80, 0x80, 0xaf],
  'an overlong NUL': [0xc0, 0x80],
  'the overlong C1': [0xc1, 0xbf],
  'a high surrogate': [0xed, 0xa0, 0x80],
  'a low surrogate': [0xed, 0xbf, 0xbf],
  'a pair of surrogates (CESU-8)': [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  'beyond U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
  'a lead of five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
  'FE and FF': [0xfe, 0xff],
  'three bytes cut to two': [0xe2, 0x82],
  'four bytes cut to three': [0xf0, 0x9f, 0x98],
  'a wrong third byte': [0xe2, 0x82, 0x41],
  'a wrong fourth byte': [0xf0, 0x9f, 0x98, 0x41],
  'an overlong of three bytes': [0xe0, 0x9f, 0xbf],
  'an overlong of four bytes': [0xf0, 0x8f, 0xbf, 0xbf],
};

const text = fc.string({ unit: 'binary', maxLength: 60 }).map((content) => Buffer.from(content));
const nearText = fc
  .tuple(fc.string({ maxLength: 9 }), fc.constantFrom(...Object.values(invalidUtf8)), fc.string({ maxLength: 9 }))
  .map(([before, wrong, after]) => Buffer.concat([Buffer.from(before), Buffer.from(wrong), Buffer.from(after)]));
const anyBytes = fc.uint8Array({ maxLength: 40 }).map((content) => Buffer.from(content));
const json = fc.json().map((content) => Buffer.from(content));

export const someBytes: fc.Arbitrary<Buffer> = fc.oneof(text, nearText, anyBytes, json);
export const bytesOrNull: fc.Arbitrary<Buffer | null> = fc.option(someBytes);

export function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
