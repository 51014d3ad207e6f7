/** A key, value or header → bytes of text: exact for a pipe, harmless for a terminal. */
import type { ByteSink } from './byte-sink.ts';
import { type FieldCodec, isUuidText } from './codecs.ts';
import { isUtf8 } from './utf8.ts';

/** Appends `bytes[start, end)`; nothing for null (-1, -1). */
export type AppendText = (bytes: Buffer, start: number, end: number) => void;

/** Makes text harmless: `visible` or `visibleLines`. */
export type Show = (text: string) => string;

/** Text of any bytes for a terminal; in what is not UTF-8, bytes beyond ASCII are written out: `\xff`. */
function shownText(bytes: Buffer, start: number, end: number, show: Show): string {
  if (isUtf8(bytes, start, end)) return show(bytes.toString('utf8', start, end));
  return show(bytes.toString('latin1', start, end)).replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** Compiles a field. Bytes that a codec cannot tell are shown in hex. With `show` the text is made harmless. */
export function textField(codec: FieldCodec, sink: ByteSink, show: Show | undefined): AppendText {
  const plain: AppendText = show
    ? (bytes, start, end) => sink.utf8(shownText(bytes, start, end, show))
    : (bytes, start, end) => sink.copy(bytes, start, end);
  const { name, textOf } = codec;
  if (textOf === undefined) return plain;
  const put = (text: string): void => (name === 'internal' ? sink.utf8(text) : sink.ascii(text));
  return (bytes, start, end) => {
    if (isUuidText(codec, start, end)) plain(bytes, start, end);
    else if (start >= 0) put(textOf(bytes, start, end) ?? bytes.toString('hex', start, end));
  };
}
