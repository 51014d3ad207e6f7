/** ISO 8601 text → the number of an Avro date or time, exact. A text that is none gives a string: what is wrong with it. */
import { daysOf } from './civil.ts';

const datePattern = /^([+-]\d{6,10}|\d{4})-(\d\d)-(\d\d)$/;
const clockPattern = /^(-?)(\d{2,})(?::(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)$/;
const timestampPattern = /^([^Tt ]+)[Tt ]([0-9:.,]+)(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
const minutePerDay = 1440;

/** Days since 1970-01-01. */
export function dateOf(text: string): number | string {
  const found = datePattern.exec(text);
  const days = found ? daysOf(Number(found[1]), Number(found[2]), Number(found[3])) : Number.NaN;
  return Number.isNaN(days) ? 'a date such as 2026-02-28' : days;
}

/** Since midnight, in 10^-fraction seconds. Hours beyond a day are taken, as reading shows them. */
export function timeOf(text: string, fraction: 3 | 6 | 9): bigint | string {
  const found = clockPattern.exec(text);
  if (!found || Number(found[3]) > 59 || Number(found[4] ?? 0) > 59)
    return `a time such as 12:00:00.${'123456789'.slice(0, fraction)}`;
  const part = fractionOf(found[5] ?? '', fraction);
  if (part === undefined) return `at most ${fraction} digits behind the seconds`;
  const seconds = BigInt(found[2]!) * 3600n + BigInt(Number(found[3]) * 60 + Number(found[4] ?? 0));
  const count = seconds * 10n ** BigInt(fraction) + part;
  return found[1] === '-' ? -count : count;
}

/** Undefined if digits would be lost. */
function fractionOf(digits: string, fraction: number): bigint | undefined {
  if (/[1-9]/.test(digits.slice(fraction))) return undefined;
  return BigInt(digits.slice(0, fraction).padEnd(fraction, '0'));
}

/** Since the epoch, in 10^-fraction seconds. @param hasZone whether the text must say its zone, or must not */
export function timestampOf(text: string, fraction: 3 | 6 | 9, hasZone: boolean): bigint | string {
  const found = timestampPattern.exec(text);
  const example = `2026-02-28T12:00:00.${'123456789'.slice(0, fraction)}`;
  if (!found) return `a time such as ${example}${hasZone ? 'Z' : ''}`;
  const [, date, clock, zone] = found as unknown as [string, string, string, string | undefined];
  const days = dateOf(date);
  if (typeof days === 'string') return days;
  const time = timeOf(clock, fraction);
  if (typeof time === 'string') return time;
  if (time >= 86_400n * 10n ** BigInt(fraction)) return 'a time of day below 24:00';
  if (hasZone && zone === undefined) return `a time with its zone, such as ${example}Z`;
  if (!hasZone && zone !== undefined) return `a local time, without zone, such as ${example}`;
  const minutes = BigInt(days * minutePerDay - (zone === undefined ? 0 : zoneMinutes(zone)));
  return minutes * 60n * 10n ** BigInt(fraction) + time;
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0);
  return zone.startsWith('-') ? -minutes : minutes;
}
