/** Messages inside bytes fields of other messages, such as the consumer protocol's; the version before them is left to the caller. */
import { decoder, encoder, schemaOf } from './codec.ts';
import type { Messages } from './generated/types.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** The bytes of a message, without its version. */
export function encodeMessage<M extends keyof Messages>(name: M, version: number, value: Messages[M]): Buffer {
  const writer = new Writer();
  encoder('message', name, version)(writer, value);
  return writer.written();
}

/** Reads what follows the version. New fields are only added at the end, so a newer message is read as the newest known. @throws WireError */
export function decodeMessage<M extends keyof Messages>(name: M, version: number, bytes: Buffer): Messages[M] {
  const known = Math.min(version, schemaOf('message', name).max);
  return decoder('message', name, known)(new Reader(bytes)) as Messages[M];
}
