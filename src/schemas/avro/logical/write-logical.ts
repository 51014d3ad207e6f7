/** Writers of logical types: text or number in JSON → the bytes under the logical type. */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import { isUuid, uuidBytes } from '../../../base/bytes/uuid.ts';
import type { TextCursor } from '../text-cursor.ts';
import type { FixedType, Logical, PrimitiveType } from '../types.ts';
import { appendInteger, appendWhole, hasBits } from '../varint.ts';
import { misfit } from '../wanted.ts';
import { commonTimestamp, timestampEnd } from './common-timestamp.ts';
import { durationBytes } from './duration.ts';
import { dateOf, timeOf, timestampOf } from './time-number.ts';
import { writeBigDecimal, writeDecimal } from './write-decimal.ts';

type Writer = (from: TextCursor, sink: ByteSink) => void;

export function logicalWriter(type: PrimitiveType | FixedType, logical: Logical): Writer {
  const size = type.kind === 'fixed' ? type.size : undefined;
  switch (logical.name) {
    case 'decimal':
      return (from, sink) => writeDecimal(from, sink, logical, size);
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
      const { digits } = logical;
      const write = wholeWriter(64, (text) => timestampOf(text, digits, hasZone), 'a date and time');
      return (from, sink) => {
        const common = commonTimestamp(from.buf, from.next(), digits, hasZone);
        if (Number.isNaN(common)) return write(from, sink);
        from.at = timestampEnd;
        appendInteger(sink, common);
      };
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
