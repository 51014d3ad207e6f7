/** Offsets of partitions in files: what `groups export` and `groups reset-offsets` print, and the CSV of Kafka's own tool. */
import { usageError } from '../../base/errors.ts';
import type { TopicPartition } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';

interface FileOffset extends TopicPartition {
  readonly group: string | undefined;
  readonly offset: bigint;
}

const hint = 'use a file from kt groups export, or lines of topic,partition,offset as kafka-consumer-groups exports them';

/**
 * Reads JSON, CSV with a header (`TOPIC,PARTITION,OFFSET`), the same as a table, or Kafka's CSV without one (`topic,0,42` or `group,topic,0,42`).
 * From a file with several groups only the offsets of `group` are read; from one with a single group all, whatever its name.
 * @param group undefined: the file must have a single one
 * @returns offsets by `partitionName`, at least one
 * @throws KtError `usage` naming the line or item that is wrong
 */
export function readOffsets(text: string, group: string | undefined): ReadonlyMap<string, bigint> {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  const all = /^[[{]/.test(trimmed) ? jsonOffsets(trimmed) : lineOffsets(trimmed);
  const groups = new Set(all.map((each) => each.group));
  if (group === undefined && groups.size > 1) {
    const names = [...groups].map((name) => name ?? 'none').join(', ');
    throw usageError(`offsets of several groups: ${names}`, 'keep those of one group in the file');
  }
  const own = groups.size > 1 ? all.filter((each) => each.group === group) : all;
  if (own.length === 0) {
    throw usageError(all.length === 0 ? 'no offsets in it' : `no offsets of group ${group} in it`, hint);
  }
  const offsets = new Map<string, bigint>();
  for (const each of own) {
    const name = partitionName(each);
    if (offsets.has(name)) throw usageError(`partition ${name} appears twice`, 'leave one of its offsets out');
    offsets.set(name, each.offset);
  }
  return offsets;
}

type Fields = Readonly<Record<string, unknown>>;

function jsonOffsets(text: string): readonly FileOffset[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError(`not valid JSON (${(error as Error).message})`, hint);
  }
  const items = (Array.isArray(value) ? value : [value]) as readonly Fields[];
  // A plan, and the output of kt lag, has partitions under the group.
  const rows = items.flatMap((item) => {
    const partitions = item?.['partitions'];
    return Array.isArray(partitions) ? partitions.map((row: Fields): Fields => ({ group: item['group'], ...row })) : [item];
  });
  return rows.flatMap((row, index) => {
    if (typeof row !== 'object' || row === null) throw usageError(`item ${index + 1} is not an object`, hint);
    const name = ['offset', 'targetOffset', 'committedOffset'].find((each) => each in row);
    const offset = name && row[name];
    // Never committed, or left alone.
    if (offset === null) return [];
    return [offsetOf(row['group'], row['topic'], row['partition'], offset, `item ${index + 1}`)];
  });
}

function lineOffsets(text: string): readonly FileOffset[] {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line, number: index + 1 }));
  const filled = lines.filter(({ line }) => line.trim() !== '');
  const isTable = filled.length > 0 && /^(GROUP\s+)?TOPIC\s+PARTITION\s/.test(filled[0]!.line);
  const split = (line: string): readonly string[] => (isTable ? line.trim().split(/\s+/) : csvFields(line));
  const header = filled.length > 0 ? split(filled[0]!.line) : [];
  const named = header.includes('TOPIC') && header.includes('PARTITION');
  const rows = (named ? filled.slice(1) : filled).map(({ line, number }) => ({ fields: split(line), number }));
  return rows.flatMap(({ fields, number }) => {
    const columns = named
      ? header
      : fields.length === 4
        ? ['GROUP', 'TOPIC', 'PARTITION', 'OFFSET']
        : ['TOPIC', 'PARTITION', 'OFFSET'];
    const at = (name: string): string | undefined => fields[columns.indexOf(name)];
    const offset = ['OFFSET', 'TARGET'].map(at).find((each) => each !== undefined);
    if (named && (offset === '' || offset === '-')) return [];
    return [offsetOf(at('GROUP'), at('TOPIC'), at('PARTITION'), offset, `line ${number}`)];
  });
}

/** The fields of a line (RFC 4180); no name in Kafka holds a line break. */
function csvFields(line: string): readonly string[] {
  const fields: string[] = [];
  for (const [, quoted, bare] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    fields.push(quoted === undefined ? bare!.trim() : quoted.replaceAll('""', '"'));
  }
  return fields;
}

function offsetOf(group: unknown, topic: unknown, partition: unknown, offset: unknown, where: string): FileOffset {
  const number = /^\d+$/.test(String(partition)) ? Number(partition) : undefined;
  const place = /^\d+$/.test(String(offset)) ? BigInt(offset as string | number) : undefined;
  if (typeof topic !== 'string' || topic === '') throw usageError(`${where} has no topic`, hint);
  if (number === undefined) throw usageError(`${where} has no partition`, hint);
  if (place === undefined) throw usageError(`${where} has no offset`, hint);
  return { group: typeof group === 'string' && group !== '' ? group : undefined, topic, partition: number, offset: place };
}
