/** Bytes → base64 in a sink, with padding (RFC 4648, section 4). */
import type { ByteSink } from './byte-sink.ts';

const digits = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1');
const padding = 61;
/** From this length on the runtime's own text is faster (measured on Node 20 and Bun 1.4). */
const nativeFrom = 96;

export function appendBase64(sink: ByteSink, bytes: Buffer, start: number, end: number): void {
  if (end - start >= nativeFrom) {
    sink.ascii(bytes.toString('base64', start, end));
    return;
  }
  sink.ensure((((end - start) / 3) | 0) * 4 + 4);
  const { buf } = sink;
  let to = sink.length;
  let at = start;
  for (; at + 2 < end; at += 3) {
    const group = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    buf[to++] = digits[group >> 18]!;
    buf[to++] = digits[(group >> 12) & 63]!;
    buf[to++] = digits[(group >> 6) & 63]!;
    buf[to++] = digits[group & 63]!;
  }
  if (at < end) {
    const first = bytes[at]!;
    const second = at + 1 < end ? bytes[at + 1]! : 0;
    buf[to++] = digits[first >> 2]!;
    buf[to++] = digits[((first & 3) << 4) | (second >> 4)]!;
    buf[to++] = at + 1 < end ? digits[(second & 15) << 2]! : padding;
    buf[to++] = padding;
  }
  sink.length = to;
}
