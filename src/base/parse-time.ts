/** ISO 8601 as people write it, also with a space and without a zone → epoch milliseconds. */

const isoTime = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** Epoch ms of an ISO 8601 text, or undefined when it is none or no such day or minute exists. */
export function parseIsoTime(value: string): number | undefined {
  const match = isoTime.exec(value);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as number[];
  const ms = Number((match[7] ?? '0').padEnd(3, '0'));
  const utc = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!, ms);
  // Date.UTC turns the 30th of February into the 1st of March: what comes back must be what went in.
  const shown = new Date(utc).toISOString();
  const given = [year, month, day, hour, minute, second].map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0'));
  if (shown.slice(0, 19) !== `${given.slice(0, 3).join('-')}T${given.slice(3).join(':')}`) return undefined;
  if (match[8]) return utc - zoneOffsetMs(match[8]);
  // The zone of this machine, in which kt shows times. Years below 100 are not 19xx.
  const local = new Date(year!, month! - 1, day!, hour!, minute!, second!, ms);
  if (year! < 100) local.setFullYear(year!);
  return local.getTime();
}

function zoneOffsetMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(3).replace(':', '') || '0'].map(Number) as [number, number];
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
