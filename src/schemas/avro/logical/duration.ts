/** Avro's duration, months, days and milliseconds, ↔ ISO 8601: `P1M2DT0.003S`. */

const highest = 0xffffffff;
const pattern = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,}))?S)?)?$/;

/** @param at where its 12 bytes begin */
export function durationText(bytes: Buffer, at: number): string {
  const months = bytes.readUInt32LE(at);
  const days = bytes.readUInt32LE(at + 4);
  const ms = bytes.readUInt32LE(at + 8);
  const date = `${months === 0 ? '' : `${months}M`}${days === 0 ? '' : `${days}D`}`;
  if (ms === 0) return date === '' ? 'PT0S' : `P${date}`;
  const part = ms % 1000;
  return `P${date}T${Math.floor(ms / 1000)}${part === 0 ? '' : `.${String(part).padStart(3, '0')}`}S`;
}

/** Years, weeks, hours and minutes are taken too; undefined for what is no duration or does not fit. */
export function durationBytes(text: string): Buffer | undefined {
  const found = pattern.exec(text);
  if (!found || text.endsWith('P') || text.endsWith('T')) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = found.slice(1, 8).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fraction = (found[8] ?? '').replace(/0+$/, '');
  if (fraction.length > 3) return undefined;
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number(fraction.padEnd(3, '0'));
  const parts = [years * 12 + months, weeks * 7 + days, ms];
  if (parts.some((part) => part > highest)) return undefined;
  const bytes = Buffer.alloc(12);
  for (const [index, part] of parts.entries()) bytes.writeUInt32LE(part, index * 4);
  return bytes;
}
