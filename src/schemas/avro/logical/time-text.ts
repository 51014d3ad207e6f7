/**
 * Dates and times → ISO 8601, exact for every number there is: years beyond 9999 or before 0000 have a sign and six digits or more
 * (`+010000-01-01`), times of day beyond one day as many hours as it takes (`24:00:00.000`), or a minus.
 */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import { civil, civilOf } from './civil.ts';

const zero = 48;
const minus = 45;
const colon = 58;
const secondsPerDay = 86_400;
/** More than any text of this file is long. */
const longest = 64;
const quote = 34;
const letterT = 84;
const letterZ = 90;

function digits(buf: Buffer, at: number, value: number, width: number): number {
  let rest = value | 0;
  for (let place = at + width - 1; place >= at; place--) {
    const next = (rest / 10) | 0;
    buf[place] = zero + rest - next * 10;
    rest = next;
  }
  return at + width;
}

function appendDay(sink: ByteSink, days: number): void {
  civilOf(days);
  const { year, month, day } = civil;
  if (year < 0 || year > 9999) sink.ascii(`${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`);
  else sink.length = digits(sink.buf, sink.length, year, 4);
  const { buf } = sink;
  let at = sink.length;
  buf[at++] = minus;
  at = digits(buf, at, month, 2);
  buf[at++] = minus;
  sink.length = digits(buf, at, day, 2);
}

/** @param count since midnight, in 10^-fraction seconds, at least 0 */
function appendClock(sink: ByteSink, count: number, fraction: 3 | 6 | 9): void {
  const perSecond = 10 ** fraction;
  const seconds = Math.floor(count / perSecond);
  const part = count - seconds * perSecond;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 99) sink.number(hours);
  else sink.length = digits(sink.buf, sink.length, hours, 2);
  const { buf } = sink;
  let at = sink.length;
  buf[at++] = colon;
  at = digits(buf, at, minutes - hours * 60, 2);
  buf[at++] = colon;
  at = digits(buf, at, seconds - minutes * 60, 2);
  buf[at++] = 46;
  sink.length = digits(buf, at, part, fraction);
}

/** Appends `"2026-02-28"`. */
export function appendDate(sink: ByteSink, days: number): void {
  sink.ensure(longest);
  sink.buf[sink.length++] = quote;
  appendDay(sink, days);
  sink.byte(quote);
}

/** Appends `"12:00:00.123"`. */
export function appendTime(sink: ByteSink, count: number, fraction: 3 | 6 | 9): void {
  sink.ensure(longest);
  sink.buf[sink.length++] = quote;
  if (count < 0) sink.buf[sink.length++] = minus;
  appendClock(sink, Math.abs(count), fraction);
  sink.byte(quote);
}

/** Appends `"2026-02-28T12:00:00.123Z"`. @param count since the epoch, in 10^-fraction seconds */
export function appendTimestamp(sink: ByteSink, count: number | bigint, fraction: 3 | 6 | 9, hasZone: boolean): void {
  const perDay = secondsPerDay * 10 ** fraction;
  let days: number;
  let rest: number;
  if (typeof count === 'number') {
    days = Math.floor(count / perDay);
    rest = count - days * perDay;
    // The quotient may have been rounded up.
    if (rest < 0) {
      days--;
      rest += perDay;
    }
  } else {
    days = Number(count / BigInt(perDay));
    rest = Number(count % BigInt(perDay));
    if (rest < 0) {
      days--;
      rest += perDay;
    }
  }
  sink.ensure(longest);
  sink.buf[sink.length++] = quote;
  appendDay(sink, days);
  sink.buf[sink.length++] = letterT;
  appendClock(sink, rest, fraction);
  if (hasZone) sink.byte(letterZ);
  sink.byte(quote);
}
