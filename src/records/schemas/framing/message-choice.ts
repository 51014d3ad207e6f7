/**
 * Which message of a .proto file a payload is. Confluent's serializers write a count, then each index, from the outermost message in, as zigzag
 * varints (MessageIndexes); `[0]`, by far the most frequent, is the single byte 0. Apicurio's write the name, as a message of their own (Ref).
 */

/** By place, from the outermost message in; or by name. */
export type MessageChoice = readonly number[] | string;

export const firstMessage: MessageChoice = [0];
/** Deeper nesting is no frame. */
const deepest = 64;
const longestVarint = 5;
/** Field 1 of Apicurio's Ref, its only one: a text. */
const refName = 0x0a;

/** Where the choice read last ended: a second result that needs no object. */
export let choiceEnd = 0;

/**
 * Reads the choice at the beginning of `bytes[start, end)`; undefined if there is none. Old clients of other languages wrote plain
 * varints (confluent-kafka-python up to 1.7): that is what an odd count means.
 */
export function readMessageChoice(bytes: Buffer, start: number, end: number): MessageChoice | undefined {
  if (start >= end) return undefined;
  if (bytes[start] === 0) {
    choiceEnd = start + 1;
    return firstMessage;
  }
  const name = readRef(bytes, start, end);
  if (name !== undefined) return name;
  const isPlain = (bytes[start]! & 1) === 1;
  let at = start;
  const next = (): number => {
    let raw = 0;
    for (let count = 0; count < longestVarint && at < end; count++) {
      const byte = bytes[at++]!;
      raw |= (byte & 127) << (7 * count);
      if (byte < 128) return isPlain ? raw : (raw >>> 1) ^ -(raw & 1);
    }
    return -1;
  };
  const count = next();
  if (count < 1 || count > deepest) return undefined;
  const indexes: number[] = [];
  while (indexes.length < count) {
    const index = next();
    if (index < 0) return undefined;
    indexes.push(index);
  }
  choiceEnd = at;
  return indexes;
}

/** `0b 0a 09 Timestamp`: the length of what follows, then the name. */
function readRef(bytes: Buffer, start: number, end: number): string | undefined {
  const length = bytes[start]!;
  const stop = start + 1 + length;
  if (length < 3 || length > 127 || stop > end || bytes[start + 1] !== refName || bytes[start + 2] !== length - 2)
    return undefined;
  const name = bytes.toString('latin1', start + 3, stop);
  if (!/^[A-Za-z_][\w.]*$/.test(name)) return undefined;
  choiceEnd = stop;
  return name;
}

/** The indexes as Confluent's serializers write them. */
export function encodeMessageIndexes(indexes: readonly number[]): Buffer {
  if (indexes.length === 1 && indexes[0] === 0) return Buffer.of(0);
  const bytes: number[] = [];
  for (const number of [indexes.length, ...indexes]) {
    let raw = number << 1;
    for (; raw > 127; raw >>>= 7) bytes.push((raw & 127) | 128);
    bytes.push(raw);
  }
  return Buffer.from(bytes);
}
