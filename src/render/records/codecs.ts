/** Fields of fixed width or shown in another alphabet → their text, always so that the bytes can be made of it again. */
import type { Codec } from '../../kafka/batch/record.ts';

/** Text of `bytes[start, end)`; undefined when the bytes are no such value. */
type TextOf = (bytes: Buffer, start: number, end: number) => string | undefined;

/** A codec made ready for one field. */
export interface FieldCodec {
  readonly name: Codec;
  /** Undefined where the field is text itself. Of codec `internal` it is JSON text. */
  readonly textOf: TextOf | undefined;
  /** The number of the record type, also of one that `textOf` cannot tell. */
  readonly recordType?: () => number | undefined;
}

const quietNan = 0x7ff8000000000000n;

function doubleText(bytes: Buffer, start: number): string | undefined {
  const value = bytes.readDoubleBE(start);
  // A NaN may carry bits that its name does not.
  if (Number.isNaN(value) && bytes.readBigUInt64BE(start) !== quietNan) return undefined;
  return Object.is(value, -0) ? '-0' : String(value);
}

function uuidText(bytes: Buffer, start: number): string {
  return bytes.toString('hex', start, start + 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function ofWidth(width: number, text: (bytes: Buffer, start: number) => string | undefined): TextOf {
  return (bytes, start, end) => (end - start === width ? text(bytes, start) : undefined);
}

/** The codecs that write a field as other text than its own, big-endian as Kafka's serializers. */
const codecTexts: Readonly<Partial<Record<Codec, TextOf>>> = {
  hex: (bytes, start, end) => bytes.toString('hex', start, end),
  base64: (bytes, start, end) => bytes.toString('base64', start, end),
  int32: ofWidth(4, (bytes, start) => String(bytes.readInt32BE(start))),
  int64: ofWidth(8, (bytes, start) => String(bytes.readBigInt64BE(start))),
  double: ofWidth(8, doubleText),
  uuid: ofWidth(16, uuidText),
};

const uuidTextLength = 36;

/** Whether Java's UUIDSerializer wrote the field: a UUID as text, which needs no codec. */
export function isUuidText({ name }: FieldCodec, start: number, end: number): boolean {
  return name === 'uuid' && end - start === uuidTextLength;
}

/** A codec that needs nothing but the field's bytes: all but `internal`. */
export function fieldCodec(name: Codec): FieldCodec {
  return { name, textOf: codecTexts[name] };
}

/** What headers are shown as. */
export const plainText = fieldCodec('string');
