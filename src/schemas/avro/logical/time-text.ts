/**
 * Dates and times → ISO 8601, exact for every number there is: years beyond 9999 or before 0000 have a sign and six digits or more
 * (`+010000-01-01`), times of day beyond one day as many hours as it takes (`24:00:00.000`), or a minus.
 */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import { civil, civilOf } from './civil.ts';

const zero = 48;
const minus = 45;
const dot = 46;
const colon = 58;
const secondsPerDay = 86_400;
const unitsPerSecond = { 3: 1000, 6: 1_000_000, 9: 1_000_000_000 } as const;
/** More than any text of this file is long. */
const longest = 64;
const quote = 34;
const letterT = 84;
const letterZ = 90;

const pairs = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));
const tens = Buffer.from(pairs.map((pair) => pair[0]).join(''), 'latin1');
const ones = Buffer.from(pairs.map((pair) => pair[1]).join(''), 'latin1');

/** The day that was written last, since records come day by day. */
let lastDay = Number.NaN;
let dayText = Buffer.alloc(0);

/** Appends `2026-02-28`. There is room for it. */
function appendDay(sink: ByteSink, days: number): void {
  if (days !== lastDay) {
    lastDay = days;
    dayText = Buffer.from(textOfDay(days), 'latin1');
  }
  const { buf } = sink;
  const { length } = dayText;
  let to = sink.length;
  for (let at = 0; at < length; at++) buf[to++] = dayText[at]!;
  sink.length = to;
}

function textOfDay(days: number): string {
  civilOf(days);
  const { year, month, day } = civil;
  const sized =
    year < 0 || year > 9999
      ? `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`
      : String(year).padStart(4, '0');
  return `${sized}-${pairs[month]}-${pairs[day]}`;
}

/**
 * Appends `12:00:00.123`. There is room for it.
 * @param seconds since midnight, at least 0
 * @param fraction how many digits `part` has
 */
function appendClock(sink: ByteSink, seconds: number, part: number, fraction: 3 | 6 | 9): void {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 99) sink.number(hours);
  const { buf } = sink;
  let at = sink.length;
  if (hours <= 99) {
    buf[at++] = tens[hours]!;
    buf[at++] = ones[hours]!;
  }
  const minute = minutes - hours * 60;
  const second = seconds - minutes * 60;
  buf[at] = colon;
  buf[at + 1] = tens[minute]!;
  buf[at + 2] = ones[minute]!;
  buf[at + 3] = colon;
  buf[at + 4] = tens[second]!;
  buf[at + 5] = ones[second]!;
  buf[at + 6] = dot;
  at += 7;
  let rest = part | 0;
  for (let place = at + fraction - 1; place >= at; place--) {
    const next = (rest / 10) | 0;
    buf[place] = zero + rest - next * 10;
    rest = next;
  }
  sink.length = at + fraction;
}

/** Appends `"2026-02-28"`. */
export function appendDate(sink: ByteSink, days: number): void {
  sink.ensure(longest);
  sink.buf[sink.length++] = quote;
  appendDay(sink, days);
  sink.byte(quote);
}

/** Appends `"12:00:00.123"`. @param count in 10^-fraction seconds */
export function appendTime(sink: ByteSink, count: number | bigint, fraction: 3 | 6 | 9): void {
  sink.ensure(longest);
  sink.buf[sink.length++] = quote;
  if (count < 0) sink.buf[sink.length++] = minus;
  const perSecond = unitsPerSecond[fraction];
  if (typeof count === 'number') {
    const size = Math.abs(count);
    // Taken from the rest, since a quotient of large numbers may be rounded up.
    const part = size % perSecond;
    appendClock(sink, (size - part) / perSecond, part, fraction);
  } else {
    const size = count < 0n ? -count : count;
    appendClock(sink, Number(size / BigInt(perSecond)), Number(size % BigInt(perSecond)), fraction);
  }
  sink.byte(quote);
}

/** Appends `"2026-02-28T12:00:00.123Z"`. @param count since the epoch, in 10^-fraction seconds */
export function appendTimestamp(sink: ByteSink, count: number | bigint, fraction: 3 | 6 | 9, hasZone: boolean): void {
  const perSecond = unitsPerSecond[fraction];
  const perDay = secondsPerDay * perSecond;
  let days: number;
  let rest: number;
  if (typeof count === 'number') {
    days = Math.floor(count / perDay);
    rest = count - days * perDay;
  } else {
    days = Number(count / BigInt(perDay));
    rest = Number(count % BigInt(perDay));
  }
  // A quotient may have been rounded up, and those of big integers are rounded towards zero.
  if (rest < 0) {
    days--;
    rest += perDay;
  }
  sink.ensure(longest);
  sink.buf[sink.length++] = quote;
  appendDay(sink, days);
  sink.buf[sink.length++] = letterT;
  const seconds = Math.floor(rest / perSecond);
  appendClock(sink, seconds, rest - seconds * perSecond, fraction);
  if (hasZone) sink.byte(letterZ);
  sink.byte(quote);
}
