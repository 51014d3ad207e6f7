/** The global options, and the readers of values that many commands take. */
import { KtError, usageError } from '../base/errors.ts';
import { parseIsoTime } from '../base/parse-time.ts';
import type { Position } from '../base/position.ts';
import { likelyUnit } from '../base/time-unit.ts';
import { parseByteRate, parseDuration, parseSize } from '../base/units.ts';
import type { SortOrder } from './columns.ts';
import type { Reader } from './define.ts';

/** The global options that say how to reach a cluster, as typed. */
export interface ConnectionFlags {
  readonly bootstrapServer?: string | undefined;
  /** Addresses of the schema registry, with commas between them. */
  readonly registry?: string | undefined;
  readonly profile?: string | undefined;
  readonly commandConfig?: string | undefined;
  /** `key=value`, in the order given. */
  readonly property: readonly string[];
  /** `advertised=reachable`. */
  readonly addressMap: readonly string[];
  /** A URL, `env` or `none`. */
  readonly proxy?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** The global options as typed; `output` also from KT_OUTPUT where the command has that format. */
export interface GlobalOptions extends ConnectionFlags {
  /** As typed: `tail` and `produce` take styles of their own. */
  readonly output?: string | undefined;
  /** Whether it comes from KT_OUTPUT: a wish for where it can be had. */
  readonly outputIsWish?: boolean;
  /** Names of columns, as typed, in the order to show them; undefined: those the command shows by itself. */
  readonly columns?: readonly string[] | undefined;
  readonly sort?: SortOrder | undefined;
  /** Whether rows alone are wanted, without the names of their columns. */
  readonly noHeaders?: boolean | undefined;
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly yes: boolean;
}

const largestInt64 = 2n ** 63n - 1n;

/**
 * The error of every reader: the value as typed, what it is not, what it should look like. The parser puts the flag before it:
 * `--retention 7x (not a duration)`.
 */
function wrong(text: string, why: string, example: string): KtError {
  return usageError(`${/^\S+$/.test(text) ? text : `'${text}'`} (${why})`, example);
}

/** Text as it is; only an empty one is refused. */
export function text(value: string): string {
  if (value === '') throw wrong(value, 'empty', 'give a value');
  return value;
}

/** Milliseconds of `500ms 30s 5m 2h 7d 4w`; `forever` is -1. */
export function duration(value: string): number {
  const ms = parseDuration(value);
  if (ms === undefined) throw wrong(value, 'not a duration', 'durations look like 500ms, 30s, 5m, 2h, 7d, 4w or forever');
  return ms;
}

/** Milliseconds of a duration that has an end and is more than nothing: a wait, a timeout, an interval. */
export function finiteDuration(value: string): number {
  const ms = duration(value);
  if (ms <= 0) throw wrong(value, 'must be finite and greater than zero', 'durations look like 500ms, 30s or 5m');
  return ms;
}

/** Bytes of `1024 10kB 1KiB 1GiB`; `unlimited` is -1. */
export function size(value: string): number {
  const bytes = parseSize(value);
  if (bytes === undefined) throw wrong(value, 'not a size', 'sizes look like 1024, 10kB, 1KiB, 1.5GiB or unlimited');
  return bytes;
}

/** Bytes per second of `10MiB/s` or `10MiB`. */
export function bytesPerSecond(value: string): number {
  const bytes = parseByteRate(value);
  if (bytes === undefined) throw wrong(value, 'not a byte rate', 'rates look like 10MiB/s or 500kB/s');
  return bytes;
}

/** Whole numbers between commas: `1,2,3`. */
export function wholeNumbers(value: string): readonly number[] {
  return value.split(',').map((each) => wholeNumber(each.trim()));
}

/** An integer from 0 that a double holds exactly. */
export function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw wrong(value, 'not a whole number', 'write digits only, such as 0, 3 or 12');
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw wrong(value, 'too large', `the largest is ${Number.MAX_SAFE_INTEGER}`);
  return number;
}

/** Per second, of `100/s` or `600/m`. */
export function rate(value: string): number {
  const match = /^(\d+(?:\.\d+)?)\/([sm])$/.exec(value);
  const perSecond = match ? Number(match[1]) / (match[2] === 's' ? 1 : 60) : 0;
  if (perSecond <= 0) throw wrong(value, 'not a rate', 'rates look like 100/s or 30/m');
  return perSecond;
}

/** An integer from 1 that a double holds exactly. */
export function positiveNumber(value: string): number {
  const number = wholeNumber(value);
  if (number === 0) throw wrong(value, 'must be at least 1', 'write a number such as 1, 3 or 12');
  return number;
}

/** A number from 0 to 100, with or without the sign: `10`, `2.5%`. */
export function percentage(value: string): number {
  const percent = /^\d+(\.\d+)?%?$/.test(value) ? Number.parseFloat(value) : Number.NaN;
  if (!(percent <= 100)) throw wrong(value, 'not a percentage', 'percentages look like 10 or 2.5%');
  return percent;
}

const timeExample = 'times look like 2026-01-31T09:30:00Z, 2026-01-31, 1769851800000 (epoch ms), now or -1h (an hour ago)';

/** Epoch ms of `now`, of a time ago (`-1h`), of digits (epoch ms already) or of ISO 8601, in local time where it names no zone. */
export function time(value: string, now = Date.now()): number {
  if (value === 'now') return now;
  if (/^\d{5,}$/.test(value)) {
    const other = likelyUnit(BigInt(value));
    if (other) throw wrong(value, `that looks like ${other.unit}`, `times are milliseconds since 1970: write ${other.ms}`);
    if (Number.isSafeInteger(Number(value))) return Number(value);
  }
  const ago = value.startsWith('-') ? parseDuration(value.slice(1)) : undefined;
  if (ago !== undefined && ago >= 0) return now - ago;
  const ms = parseIsoTime(value);
  if (ms === undefined) throw wrong(value, 'not a time', timeExample);
  return ms;
}

/** Some positions, for completion. */
export const positionWords = ['beginning', 'end', '-10', '-1h', '-1d', '@now'] as const;

const positionExample =
  'positions are beginning, end, an offset, -N (the last N of each partition), a time such as 2026-01-31 or @1769851800000, or -1h (an hour ago)';

/**
 * A position in a partition: `beginning`, `end` (Kafka's `earliest` and `latest` too), an offset, `-N`, `@TIME`, a date or time as it is, or a
 * time ago such as `-1h` (`1h` is the same: there is none to come).
 */
function readPosition(value: string, now = Date.now()): Position {
  if (value === 'beginning' || value === 'earliest') return { at: 'beginning' };
  if (value === 'end' || value === 'latest') return { at: 'end' };
  if (/^\d+$/.test(value)) {
    const offset = BigInt(value);
    if (offset > largestInt64) throw wrong(value, 'beyond the largest offset', `the largest offset is ${largestInt64}`);
    return { at: 'offset', offset };
  }
  if (/^-0*[1-9]\d*$/.test(value)) return { at: 'last', count: wholeNumber(value.slice(1)) };
  if (value.startsWith('@')) return { at: 'time', timestampMs: time(value.slice(1), now) };
  const ago = parseDuration(value.replace(/^-/, ''));
  if (ago !== undefined && ago >= 0) return { at: 'time', timestampMs: now - ago };
  const timestampMs = parseIsoTime(value);
  if (timestampMs !== undefined) return { at: 'time', timestampMs };
  throw wrong(value, 'not a position', positionExample);
}

/** A position, as `readPosition` reads it. */
export const position = Object.assign(readPosition, { suggests: positionWords });

/** `key=value`; the value may be empty or hold further `=`. The example is for the hint. */
export function keyValue(value: string, example = 'retention.ms=604800000'): readonly [key: string, value: string] {
  const end = value.indexOf('=');
  if (end < 1) throw wrong(value, 'not key=value', `write the name, = and the value, such as ${example}`);
  return [value.slice(0, end), value.slice(end + 1)];
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\' };

/** Bytes that stand between things: text with the escapes \n \r \t \0 \\ \xNN, as kcat takes its delimiters. */
export function delimiter(value: string): Buffer {
  if (value === '') throw wrong(value, 'empty', "write one or more characters, such as ':' or '\\t'");
  const pieces = value.match(/\\x[\da-f]{2}|\\.|\\|[^\\]+/gis) ?? [];
  return Buffer.concat(
    pieces.map((piece) => {
      if (!piece.startsWith('\\')) return Buffer.from(piece);
      if (/^\\x..$/i.test(piece)) return Buffer.from(piece.slice(2), 'hex');
      const byte = escapes[piece.slice(1)];
      if (byte === undefined) throw wrong(value, `no escape ${piece}`, 'escapes are \\n \\r \\t \\0 \\\\ and \\xNN');
      return Buffer.from(byte);
    }),
  );
}

/** A regular expression in JavaScript's syntax, on its own or with flags: `/error/i`. */
export function regex(value: string): RegExp {
  const [, source = value, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(value) ?? [];
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const why = (error as Error).message.replace(/^Invalid (regular expression|flags[^:]*):\s*/, '');
    throw wrong(
      value,
      `not a regular expression: ${why}`,
      "write it in JavaScript's syntax, quoted for the shell, such as '^order-[0-9]+$' or '/error/i'",
    );
  }
}

/** A header's name, alone or with a regular expression for its value: `trace-id`, `type=^order`. */
export function headerFilter(value: string): { readonly name: string; readonly pattern: RegExp | undefined } {
  const end = value.indexOf('=');
  if (end === 0 || value === '')
    throw wrong(value, 'no header name', "write the header's name, or name=REGEX, such as 'type=^order'");
  return end < 0 ? { name: value, pattern: undefined } : { name: value.slice(0, end), pattern: regex(value.slice(end + 1)) };
}

/** One of a few words, in any case; help and completion show them. */
export function choice<const T extends readonly string[]>(values: T): Reader<T[number]> {
  const read = (value: string): T[number] => {
    const known = values.find((each) => each.toLowerCase() === value.toLowerCase());
    if (known === undefined) throw wrong(value, `not one of ${values.join(', ')}`, `choose one of ${values.join(', ')}`);
    return known;
  };
  return Object.assign(read, { choices: values });
}

/**
 * Reads a value for what the user called `name` (a flag or a variable), whose errors then name it: `--timeout 7x (not a duration)`.
 */
export function readAs<T>(name: string, read: (value: string) => T, value: string): T {
  try {
    return read(value);
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'usage') throw error;
    const between = error.message.startsWith(value) || error.message.startsWith("'") ? ' ' : ': ';
    throw new KtError('usage', `${name}${between}${error.message}`, { code: error.code, hint: error.hint, cause: error });
  }
}
