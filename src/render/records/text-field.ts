/** A key, value or header → bytes of text: exact for a pipe, harmless for a terminal. */

import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { isUtf8 } from '../../base/bytes/utf8.ts';
import type { Serde } from '../../records/serde/serde.ts';
import { encodedPieces, isLarge, textPieces } from './large-field.ts';

/** Appends `bytes[start, end)`; nothing for null (-1, -1). */
export type AppendText = (bytes: Buffer, start: number, end: number) => void;

/** Makes text harmless: `visible` or `visibleLines`. */
export type Show = (text: string) => string;

/** Any bytes as text for a terminal; if they are not UTF-8, bytes beyond ASCII are escaped: `\xff`. */
function shownText(bytes: Buffer, start: number, end: number, show: Show): string {
  if (isUtf8(bytes, start, end)) return show(bytes.toString('utf8', start, end));
  return show(bytes.toString('latin1', start, end)).replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** Compiles a field. Bytes that the serde cannot read are shown in hex, unless it says that they are text. With `show` the text is made harmless. */
export function textField(serde: Serde, sink: ByteSink, show: Show | undefined): AppendText {
  const { kind, text, write, isElseText, isPlain } = serde;
  const plain: AppendText = show
    ? (bytes, start, end) => sink.utf8(shownText(bytes, start, end, show))
    : (bytes, start, end) => {
        if (isLarge(sink, start, end)) sink.put([bytes.subarray(start, end)]);
        else sink.copy(bytes, start, end);
      };
  if (text === undefined) return plain;
  const put = (shown: string): void => {
    if (kind === 'text') sink.ascii(shown);
    else sink.utf8(show ? show(shown) : shown);
  };
  if (write && !show) {
    return (bytes, start, end) => {
      if (start >= 0 && !write(bytes, start, end, sink)) plain(bytes, start, end);
    };
  }
  return (bytes, start, end) => {
    if (isPlain?.(start, end)) return plain(bytes, start, end);
    if (start < 0) return;
    const pieces = isLarge(sink, start, end) ? textPieces(serde, bytes, start, end) : undefined;
    if (pieces) return sink.put(pieces);
    const shown = text(bytes, start, end);
    if (shown !== undefined) put(shown);
    else if (isElseText) plain(bytes, start, end);
    else if (isLarge(sink, start, end)) sink.put(encodedPieces('hex', bytes, start, end));
    else put(bytes.toString('hex', start, end));
  };
}
