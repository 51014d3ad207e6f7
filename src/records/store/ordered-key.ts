/** Fields of a store's keys, written so that keys sort as their fields do, one after the other, whatever bytes are in them. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';

/** A zero byte in a field is followed by this one; a zero byte without it ends the field. */
const escaped = 0xff;

/** Appends a field of any length: no other field's encoding begins with it. */
export function appendKeyField(sink: ByteSink, bytes: Uint8Array, start: number, end: number): void {
  sink.ensure(2 * (end - start) + 2);
  const { buf } = sink;
  let at = sink.length;
  for (let from = start; from < end; from++) {
    const byte = bytes[from]!;
    buf[at++] = byte;
    if (byte === 0) buf[at++] = escaped;
  }
  buf[at++] = 0;
  buf[at++] = 0;
  sink.length = at;
}

/** Appends a number in big-endian order: an integer from 0 up to 2^32 - 1. */
export function appendKeyNumber(sink: ByteSink, value: number): void {
  sink.ensure(4);
  sink.view.setUint32(sink.length, value);
  sink.length += 4;
}

/**
 * Reads a field of any length into an empty sink.
 * @returns where the next field begins
 */
export function readKeyField(key: Uint8Array, start: number, into: ByteSink): number {
  into.length = 0;
  into.ensure(key.length - start);
  const { buf } = into;
  let at = start;
  for (; key[at] !== 0 || key[at + 1] === escaped; at++) {
    buf[into.length++] = key[at]!;
    if (key[at] === 0) at++;
  }
  return at + 2;
}
