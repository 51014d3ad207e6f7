/** CloudEvents in binary mode: the headers that say which event a record is (CloudEvents' Kafka protocol binding 1.0, section 3.2). */
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';

const version = '1.0';
const names: readonly string[] = ['ce_specversion', 'ce_type', 'ce_source', 'ce_id'];
const longestName = 'ce_specversion'.length;
/** How many headers every event has. */
export const eventHeaders = names.length;

interface Place {
  readonly start: number;
  readonly end: number;
}

/** What every event has, as places in the record's bytes. */
export interface CloudEvent {
  readonly type: Place;
  readonly source: Place;
  readonly id: Place;
}

/** The event that a record is; undefined where a header of it is missing, empty or there twice, or says another version. */
export function cloudEventOf(record: RecordView): CloudEvent | undefined {
  const found: Record<string, Place> = {};
  let isWhole = true;
  visitHeaders(record, (bytes, keyStart, keyEnd, start, end) => {
    if (!isEventHeader(bytes, keyStart, keyEnd)) return;
    const name = bytes.toString('latin1', keyStart, keyEnd);
    if (start < 0 || start === end || found[name]) isWhole = false;
    if (name === 'ce_specversion' && bytes.toString('latin1', start, end) !== version) isWhole = false;
    found[name] = { start, end };
  });
  const { ce_specversion, ce_type: type, ce_source: source, ce_id: id } = found;
  return isWhole && ce_specversion && type && source && id ? { type, source, id } : undefined;
}

/** Whether a header is one of those that every event has. */
export function isEventHeader(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > longestName || end - start < 'ce_id'.length || bytes[start] !== 0x63) return false;
  return names.includes(bytes.toString('latin1', start, end));
}
