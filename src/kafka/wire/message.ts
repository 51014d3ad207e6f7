/** Messages that stand inside other messages' bytes, as the consumer protocol's do; the version in front of them is the caller's. */
import { decoder, encoder, schemaOf } from './codec.ts';
import type { Messages } from './generated/types.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** The bytes of a message behind its version. */
export function encodeMessage<M extends keyof Messages>(name: M, version: number, value: Messages[M]): Buffer {
  const writer = new Writer();
  encoder('message', name, version)(writer, value);
  return writer.written();
}

/** Reads what stands behind the version; new fields only come at the end, so a newer message reads as the newest known. @throws WireError */
export function decodeMessage<M extends keyof Messages>(name: M, version: number, bytes: Buffer): Messages[M] {
  const known = Math.min(version, schemaOf('message', name).max);
  return decoder('message', name, known)(new Reader(bytes)) as Messages[M];
}
