/** Large keys and values in pieces, each made when the one before was written: a formatted copy of 128 MiB could take six times that. */

import { ByteSink } from '../../base/bytes/byte-sink.ts';
import { appendSegment, segmentBytes, segmentRoom } from '../../base/bytes/json-string.ts';
import type { Serde } from '../../records/serde/serde.ts';
import { visible, visibleLines } from '../escape.ts';

/** Fields from this size on are written in pieces. */
const largeFrom = 1 << 20;
const pieceBytes = 1 << 16;
/** Of text that is made harmless, which may become six times as much. */
const textStep = 1 << 14;
/** Base64 has no padding in the middle: whole groups of three bytes. */
const base64Step = 3 << 14;
const hexStep = 1 << 14;
const lineFeed = 10;
const carriageReturn = 13;

/** What stands at a place in a sink's bytes; each piece is valid until the next one is asked for. */
export type Pieces = Iterable<Uint8Array>;

/** Whether a field is to be written in pieces, and the sink's writer can do it. */
export function isLarge({ later }: ByteSink, start: number, end: number): boolean {
  return end - start >= largeFrom && later !== undefined;
}

/** The text that a serde makes of bytes; undefined where it has to look at all of them at once. */
export function textPieces({ name }: Serde, bytes: Buffer, start: number, end: number): Pieces | undefined {
  if (name === 'hex') return encodedPieces('hex', bytes, start, end);
  if (name === 'base64') return encodedPieces('base64', bytes, start, end);
  return undefined;
}

export function* encodedPieces(encoding: 'hex' | 'base64', bytes: Buffer, start: number, end: number): Generator<Uint8Array> {
  const sink = new ByteSink(2 * base64Step);
  for (let at = start; at < end; at += base64Step)
    yield* one(sink, bytes.toString(encoding, at, Math.min(at + base64Step, end)));
}

/** Bun collects no strings before they take as much memory as all that is in use. */
const bun = (globalThis as { readonly Bun?: { gc(now: boolean): void } }).Bun;
const collectedBytes = 16 << 20;
let made = 0;

/** Text as a piece in a sink that all pieces of a field share. */
function* one(sink: ByteSink, text: string): Generator<Uint8Array> {
  sink.length = 0;
  sink.utf8(text);
  made += sink.length;
  if (made > collectedBytes) {
    made = 0;
    bun?.gc(true);
  }
  yield sink.buf.subarray(0, sink.length);
}

/** A JSON string of what is known to be UTF-8. */
export function* jsonStringPieces(bytes: Buffer, start: number, end: number): Generator<Uint8Array> {
  const sink = new ByteSink(pieceBytes + segmentRoom);
  sink.ascii('"');
  for (let at = start; at < end; ) {
    sink.ensure(segmentRoom);
    at = appendSegment(sink, bytes, at, Math.min(at + segmentBytes, end), end);
    if (sink.length < pieceBytes) continue;
    yield sink.buf.subarray(0, sink.length);
    sink.length = 0;
  }
  sink.ascii('"');
  yield sink.buf.subarray(0, sink.length);
}

/** JSON without its line breaks, all of which are between tokens. */
export function* jsonTextPieces(bytes: Buffer, start: number, end: number): Generator<Uint8Array> {
  for (let at = start; at < end; at += pieceBytes) {
    const piece = bytes.subarray(at, Math.min(at + pieceBytes, end));
    yield piece.includes(lineFeed) || piece.includes(carriageReturn)
      ? piece.filter((byte) => byte !== lineFeed && byte !== carriageReturn)
      : piece;
  }
}

/** UTF-8 for people, in which nothing acts on a terminal. With an indent its lines stay lines, and a line break at its end is visible. */
export function* visiblePieces(bytes: Buffer, start: number, end: number, indent?: number): Generator<Uint8Array> {
  const sink = new ByteSink(pieceBytes);
  const next = `\n${' '.repeat(indent ?? 0)}`;
  const isOpen = indent !== undefined && bytes[end - 1] === lineFeed;
  const last = isOpen ? end - 1 : end;
  for (let at = start; at < last; ) {
    let stop = Math.min(at + textStep, last);
    while (stop < last && (bytes[stop]! & 0xc0) === 0x80) stop++;
    const text = bytes.toString('utf8', at, stop);
    yield* one(sink, indent === undefined ? visible(text) : visibleLines(text).replaceAll('\n', next));
    at = stop;
  }
  if (isOpen) yield Buffer.from('\\n');
}

/** Bytes that are no text, for people: in hex, with spaces between them. */
export function* hexPieces(bytes: Buffer, start: number, end: number): Generator<Uint8Array> {
  const sink = new ByteSink(pieceBytes);
  for (let at = start; at < end; at += hexStep) {
    const hex = bytes.toString('hex', at, Math.min(at + hexStep, end)).replace(/../g, ' $&');
    yield* one(sink, at === start ? hex.slice(1) : hex);
  }
}
