/** Limits as people write them, read to and shown from the numbers that Kafka keeps. */
import { usageError } from '../../base/errors.ts';
import { formatSize, parseByteRate } from '../../base/units.ts';
import type { QuotaEntity, QuotaName } from './entity.ts';

/** Reads a limit as typed. @throws KtError `usage` */
type LimitReader = (text: string) => number;

/** Every limit, with how it is read. */
export const limitReaders: Readonly<Record<QuotaName, LimitReader>> = {
  producer_byte_rate: byteRate,
  consumer_byte_rate: byteRate,
  request_percentage: percent,
  controller_mutation_rate: perSecond,
  connection_creation_rate: wholeRate,
};

/** Whether a limit is for such an entity: addresses have one, which nobody else has. */
export function isLimitOf(entity: QuotaEntity, name: QuotaName): boolean {
  return (name === 'connection_creation_rate') === (entity.ip !== undefined);
}

/** What its reader takes for the same number: `10MiB` where that is exact. */
export function limitText(name: QuotaName, value: number): string {
  const text = name.endsWith('_byte_rate') && Number.isInteger(value) ? formatSize(value) : String(value);
  try {
    if (limitReaders[name](text) === value) return text;
  } catch {
    // Another tool may have set what kt would not.
  }
  return String(value);
}

/** Bytes per second; in digits also what other tools write for no limit at all, the largest of a long, as near as Kafka keeps it. */
function byteRate(text: string): number {
  const bytes = parseByteRate(text) ?? (/^\d+$/.test(text) ? Number(text) : 0);
  if (bytes === 0) throw usageError(`${text} (not a byte rate)`, 'rates look like 10MiB/s or 500kB/s');
  return bytes;
}

/** More than 100 is several threads. */
function percent(text: string): number {
  const number = /^\d+(\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (!(number > 0)) throw usageError(`${text} (not a percentage)`, 'percentages look like 50 or 150%; 100 is one thread');
  return number;
}

function perSecond(text: string): number {
  const number = /^\d+(\.\d+)?(\/s)?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (!(number > 0)) throw usageError(`${text} (not a rate)`, 'rates look like 10 or 0.5, per second');
  return number;
}

function wholeRate(text: string): number {
  const number = perSecond(text);
  if (!Number.isInteger(number)) throw usageError(`${text} (not a whole number)`, 'such as 20, per second');
  return number;
}
