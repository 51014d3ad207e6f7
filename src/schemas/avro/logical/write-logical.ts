/** Writers of logical types: text or number in JSON → the bytes under the logical type. */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import type { TextCursor } from '../text-cursor.ts';
import type { FixedType, Logical, PrimitiveType } from '../types.ts';
import { appendInteger, appendWhole, hasBits } from '../varint.ts';
import { misfit } from '../wanted.ts';
import { parseDecimal, rescaled, twosComplement } from './decimal.ts';
import { durationBytes } from './duration.ts';
import { dateOf, timeOf, timestampOf } from './time-number.ts';
import { isUuid, uuidBytes } from './uuid.ts';

type Writer = (from: TextCursor, sink: ByteSink) => void;

export function logicalWriter(type: PrimitiveType | FixedType, logical: Logical): Writer {
  const size = type.kind === 'fixed' ? type.size : undefined;
  switch (logical.name) {
    case 'decimal':
      return (from, sink) => appendUnscaled(from, sink, takeDecimal(from, logical.precision, logical.scale), size);
    case 'big-decimal':
      return writeBigDecimal;
    case 'uuid':
      return (from, sink) => {
        const text = takeText(from, 'a UUID', isUuid);
        if (size === undefined) appendInteger(sink, text.length);
        if (size === undefined) sink.ascii(text);
        else sink.copy(uuidBytes(text), 0, size);
      };
    case 'duration':
      return (from, sink) => {
        const begin = from.next();
        const bytes = durationBytes(takeText(from, 'a duration such as P1M2DT0.003S'));
        if (!bytes) return misfit(from, 'a duration such as P1M2DT0.003S', begin);
        sink.copy(bytes, 0, bytes.length);
      };
    case 'date':
      return wholeWriter(32, dateOf, 'a date such as 2026-02-28');
    case 'time':
      return wholeWriter(logical.digits === 3 ? 32 : 64, (text) => timeOf(text, logical.digits), 'a time of day');
    default: {
      const hasZone = logical.name === 'timestamp';
      return wholeWriter(64, (text) => timestampOf(text, logical.digits, hasZone), 'a date and time');
    }
  }
}

/** For numbers that may be given as they are, too. @param parse gives a string for text that is none: what is wanted */
function wholeWriter(bits: 32 | 64, parse: (text: string) => number | bigint | string, wanted: string): Writer {
  return (from, sink) => {
    const kind = from.kind();
    const begin = from.at;
    let value: number | bigint | string | undefined;
    if (kind === 'number') {
      from.scanNumber();
      value = from.whole(begin);
    } else if (kind === 'string') value = parse(from.takeString());
    if (value === undefined) return misfit(from, wanted, begin);
    if (typeof value === 'string') return misfit(from, value, begin);
    if (!hasBits(value, bits)) return misfit(from, `${wanted} whose number has ${bits} bits`, begin);
    appendWhole(sink, value);
  };
}

function takeText(from: TextCursor, wanted: string, isValid: (text: string) => boolean = () => true): string {
  if (from.kind() !== 'string') misfit(from, wanted);
  const begin = from.at;
  const text = from.takeString();
  return isValid(text) ? text : misfit(from, wanted, begin);
}

/** The text of a decimal, a string or a number. */
function takeDecimalText(from: TextCursor, wanted: string): string {
  const kind = from.kind();
  if (kind === 'string') return from.takeString();
  if (kind !== 'number') return misfit(from, wanted);
  const begin = from.scanNumber();
  return from.text.slice(begin, from.at);
}

function takeDecimal(from: TextCursor, precision: number, scale: number): bigint {
  const begin = from.next();
  const wanted = `a decimal of ${precision} digits, ${scale} of them behind the point`;
  const decimal = parseDecimal(takeDecimalText(from, wanted));
  const unscaled = decimal && rescaled(decimal.unscaled, decimal.scale, scale);
  if (unscaled === undefined) return misfit(from, wanted, begin);
  const digits = String(unscaled).length - (unscaled < 0n ? 1 : 0);
  return digits > precision ? misfit(from, wanted, begin) : unscaled;
}

/** @param size of a fixed; without, the length comes first */
function appendUnscaled(from: TextCursor, sink: ByteSink, unscaled: bigint, size: number | undefined): void {
  const bytes = twosComplement(unscaled, size);
  if (!bytes) misfit(from, `a decimal of ${size} bytes`);
  if (size === undefined) appendInteger(sink, bytes.length);
  sink.copy(bytes, 0, bytes.length);
}

function writeBigDecimal(from: TextCursor, sink: ByteSink): void {
  const begin = from.next();
  const decimal = parseDecimal(takeDecimalText(from, 'a decimal'));
  if (!decimal || decimal.scale !== (decimal.scale | 0)) misfit(from, 'a decimal whose scale has 32 bits', begin);
  const bytes = twosComplement(decimal.unscaled)!;
  // The length of what follows comes first, and that of a scale depends on the scale.
  const begun = sink.length;
  appendInteger(sink, bytes.length);
  sink.copy(bytes, 0, bytes.length);
  appendInteger(sink, decimal.scale);
  const inner = Buffer.from(sink.buf.subarray(begun, sink.length));
  sink.length = begun;
  appendInteger(sink, inner.length);
  sink.copy(inner, 0, inner.length);
}
