/** Keys of groups: what `--by` gives, told apart in maps and put in order. */
import { type ExactJson, exactJsonText, parseExactJson } from '../../base/json/exact-json.ts';
import { ExpressionFailure } from '../expression/failure.ts';
import { jsonText, numberWithoutJson } from '../expression/values.ts';

/** What maps tell groups apart by: values that are one of these stand for themselves. */
export type KeyIdentity = string | number | bigint | boolean | null;

/** Begins the identity of what does not stand for itself: a list or object, or a text that begins so too. */
const mark = '\0';
const isJson = '{';
const isText = '"';
/** From here on numbers are written with an exponent. */
const longestPlain = 1e21;

/**
 * Lists and objects are the same key when their JSON is. A field that is missing is null, as in SQL.
 * @throws ExpressionFailure for what is no key
 */
export function identityOf(key: unknown): KeyIdentity {
  switch (typeof key) {
    case 'string':
      return key.startsWith(mark) ? mark + isText + key : key;
    case 'number':
      refuseWithoutJson(key);
      return exactNumber(key);
    case 'bigint':
    case 'boolean':
      return key;
    default:
      return key === null || key === undefined ? null : mark + isJson + keyJson(key);
  }
}

function keyJson(key: unknown): string {
  refuseWithoutJson(key);
  return jsonText(key)!;
}

function refuseWithoutJson(key: unknown): void {
  const number = numberWithoutJson(key);
  if (number !== undefined) throw new ExpressionFailure(`the key ${typeof key === 'number' ? 'is' : 'holds'} ${number}`);
}

/** An integer that a number holds only roughly (1e17) as its JSON reads: so it is the same whether it came with an exponent or with all digits. */
export function exactNumber(value: number): number | bigint {
  if (Number.isSafeInteger(value) || !Number.isInteger(value) || Math.abs(value) >= longestPlain) return value;
  return BigInt(String(value));
}

export function keyOf(identity: KeyIdentity): ExactJson {
  if (typeof identity !== 'string' || !identity.startsWith(mark)) return identity;
  return identity[1] === isText ? identity.slice(2) : parseExactJson(identity.slice(2));
}

/** The first byte says what kind of key it is; kinds are in this order. */
const tags = { null: 0, boolean: 1, number: 2, text: 3, json: 4 } as const;
const textTag = String.fromCharCode(tags.text);

/** A key's bytes, which sort as keys do: numbers by size, texts by their characters. */
export function orderedKey(key: ExactJson): Buffer {
  switch (typeof key) {
    case 'boolean':
      return Buffer.from([tags.boolean, Number(key)]);
    case 'number':
      return Buffer.concat([Buffer.from([tags.number]), orderedNumber(key)]);
    case 'bigint':
      return Buffer.concat([Buffer.from([tags.number]), orderedNumber(Number(key)), Buffer.from(String(key))]);
    case 'string':
      return Buffer.from(textTag + key);
    default:
      return key === null
        ? Buffer.from([tags.null])
        : Buffer.concat([Buffer.from([tags.json]), Buffer.from(exactJsonText(key))]);
  }
}

/** Eight bytes, which sort as numbers do: of a double, the sign turned over, and of a negative one all other bits too. */
export function orderedNumber(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  // -0 is 0.
  bytes.writeDoubleBE(value + 0);
  if (bytes[0]! < 0x80) bytes[0]! |= 0x80;
  else for (let at = 0; at < 8; at++) bytes[at] = ~bytes[at]!;
  return bytes;
}

/** The number that bytes begin with, as `orderedNumber` gave them. */
export function numberIn(bytes: Uint8Array): number {
  const copy = Buffer.from(bytes.subarray(0, 8));
  if (copy[0]! >= 0x80) copy[0]! &= 0x7f;
  else for (let at = 0; at < 8; at++) copy[at] = ~copy[at]!;
  return copy.readDoubleBE();
}
