/** Helpers for the tests of serdes. */
import assert from 'node:assert/strict';
import type { Serde } from '../../../../src/records/serde/serde.ts';

/** The text of the bytes that the text is encoded to, which lie between others. */
export function back({ encode, text }: Serde, written: string): string | undefined {
  const bytes = encode!(written);
  assert.ok(bytes, `${written} was refused`);
  return text!(Buffer.concat([Buffer.of(1, 2), bytes, Buffer.of(3)]), 2, 2 + bytes.length);
}

export function refuses({ encode, name }: Serde, texts: readonly string[]): void {
  for (const text of texts) assert.equal(encode!(text), undefined, `${name} took ${JSON.stringify(text)}`);
}

/** Text of bytes given in hexadecimal. */
export function textOf({ text }: Serde, hex: string): string | undefined {
  const bytes = Buffer.from(hex, 'hex');
  return text!(bytes, 0, bytes.length);
}

/** What expressions see of bytes given in hexadecimal. */
export function decoded({ decode }: Serde, hex: string): unknown {
  const bytes = Buffer.from(hex, 'hex');
  return decode(bytes, 0, bytes.length);
}
