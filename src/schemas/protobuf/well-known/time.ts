/** Timestamp and Duration as text: RFC 3339 in UTC, and seconds with an `s`; 0, 3, 6 or 9 digits of a second, as Java writes them. */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import { encodeFields } from '../encode/encode-message.ts';
import type { Encoding } from '../encode/encoding.ts';
import type { Plan, WellKnown } from '../json/plan.ts';
import { readFields } from '../json/read-message.ts';
import type { Cursor } from '../wire/cursor.ts';
import type { Tree } from '../wire/tree.ts';

/** 0001-01-01 and the end of 9999. */
const firstSecond = -62_135_596_800;
const lastSecond = 253_402_300_799;
const longestDuration = 315_576_000_000;
const secondsTag = 8;
const nanosTag = 16;
const nanosPerSecond = 1_000_000_000;
const timestamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;
const duration = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/;
/** What ends a time in UTC, once its fraction is gone. */
const utcSuffix = '.000Z';

interface Time {
  readonly seconds: number;
  readonly nanos: number;
}

/** What the text means; undefined for what is none. */
type Parse = (text: string) => Time | undefined;
/** The text; undefined for what has none. */
type Format = (seconds: number, nanos: number) => string | undefined;

function form(plan: Plan, format: Format, parse: Parse, wanted: string): WellKnown {
  return {
    read(cursor: Cursor, forJson: boolean): Tree {
      const fields = readFields(plan, cursor, forJson);
      // A time beyond what its text can say is shown by its fields.
      return format(Number(fields.get('seconds')), fields.get('nanos') as number) ?? fields;
    },
    write(cursor: Cursor, sink: ByteSink): boolean {
      let seconds = 0;
      let nanos = 0;
      while (cursor.at < cursor.end) {
        const tag = cursor.tag();
        if (tag === secondsTag) {
          cursor.varint();
          seconds = Number(cursor.signed64());
        } else if (tag === nanosTag) nanos = cursor.int32();
        else return false;
      }
      const text = format(seconds, nanos);
      if (text === undefined) return false;
      sink.ascii(`"${text}"`);
      return true;
    },
    encode(value: Tree, encoding: Encoding): void {
      const time = typeof value === 'string' ? parse(value) : undefined;
      if (time) encodeFields(plan, new Map(Object.entries(time)), encoding);
      else if (value instanceof Map) encodeFields(plan, value, encoding);
      else encoding.refuse(value, wanted);
    },
  };
}

export const timestampForm = (plan: Plan) =>
  form(plan, timestampText, parseTimestamp, 'a time such as "2026-02-28T12:00:00.5Z"');
export const durationForm = (plan: Plan) => form(plan, durationText, parseDuration, 'a duration such as "1.5s"');

function timestampText(seconds: number, nanos: number): string | undefined {
  if (!(seconds >= firstSecond && seconds <= lastSecond && nanos >= 0 && nanos < nanosPerSecond)) return undefined;
  return `${new Date(seconds * 1000).toISOString().slice(0, -utcSuffix.length)}${fraction(nanos)}Z`;
}

function durationText(seconds: number, nanos: number): string | undefined {
  if (!(Math.abs(seconds) <= longestDuration && Math.abs(nanos) < nanosPerSecond) || seconds * nanos < 0) return undefined;
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  return `${sign}${Math.abs(seconds)}${fraction(Math.abs(nanos))}s`;
}

function fraction(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(nanos).padStart(9, '0');
  return `.${digits.endsWith('000000') ? digits.slice(0, 3) : digits.endsWith('000') ? digits.slice(0, 6) : digits}`;
}

function parseTimestamp(text: string): Time | undefined {
  const found = timestamp.exec(text);
  if (!found) return undefined;
  const [, local, digits = '', sign, hours = '0', minutes = '0'] = found;
  const ms = Date.parse(`${local}Z`);
  // Date takes the 31st of any month.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, -utcSuffix.length) !== local) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === '-' ? -1 : 1);
  const seconds = ms / 1000 - offset;
  return seconds >= firstSecond && seconds <= lastSecond ? { seconds, nanos: Number(digits.padEnd(9, '0')) } : undefined;
}

function parseDuration(text: string): Time | undefined {
  const found = duration.exec(text);
  if (!found) return undefined;
  const sign = found[1] === '' ? 1 : -1;
  const seconds = Number(found[2]);
  if (seconds > longestDuration) return undefined;
  // Adding 0 turns -0 into 0.
  return { seconds: sign * seconds + 0, nanos: sign * Number((found[3] ?? '').padEnd(9, '0')) + 0 };
}
