/** One field of CSV (RFC 4180), from bytes: quoted only where it must be. Null is an empty field, empty text a quoted one. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { isLarge, type Pieces } from './large-field.ts';

const quote = 34;
const comma = 44;
const lineFeed = 10;
const carriageReturn = 13;
const pieceBytes = 1 << 16;

/** Appends `bytes[start, end)` as one field; nothing for null (-1, -1). */
export function appendCsvField(sink: ByteSink, bytes: Buffer, start: number, end: number): void {
  if (start < 0) return;
  if (isLarge(sink, start, end)) {
    sink.byte(quote);
    sink.put(doubledPieces(bytes, start, end));
    sink.byte(quote);
  } else if (start < end && !needsQuotes(bytes, start, end)) sink.copy(bytes, start, end);
  else appendQuoted(sink, bytes, start, end);
}

function needsQuotes(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === quote || byte === comma || byte === lineFeed || byte === carriageReturn) return true;
  }
  return false;
}

function appendQuoted(sink: ByteSink, bytes: Buffer, start: number, end: number): void {
  sink.byte(quote);
  let run = start;
  for (let at = start; at < end; at++) {
    if (bytes[at] !== quote) continue;
    sink.copy(bytes, run, at + 1);
    run = at;
  }
  sink.copy(bytes, run, end);
  sink.byte(quote);
}

/** A large field with each quote doubled, piece by piece. */
function* doubledPieces(bytes: Buffer, start: number, end: number): Pieces {
  for (let at = start; at < end; at += pieceBytes) {
    const piece = bytes.subarray(at, Math.min(at + pieceBytes, end));
    yield piece.includes(quote) ? Buffer.from(piece.toString('latin1').replaceAll('"', '""'), 'latin1') : piece;
  }
}
