/** Which records a command reads: where it begins and ends, and filters. */

import { usageError } from '../../base/errors.ts';
import { isPattern } from '../../base/name-pattern.ts';
import type { Position } from '../../base/position.ts';
import { safePattern } from '../../base/regex/plain.ts';
import { counted } from '../../base/units.ts';
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { choice, headerFilter, position, regex, text, wholeNumber } from '../../cli/options.ts';
import type { Context } from '../../context.ts';
import type { CompiledExpression } from '../../records/expression/compile.ts';
import { RecordFilter } from '../../records/filter.ts';
import type { KeySearch } from '../../records/key-search.ts';
import type { ReadEvents, ReadRequest } from '../../records/source/request.ts';
import { selectionsOf } from '../selections.ts';
import type { FieldReading } from './field-reading.ts';

const isolations = ['read_committed', 'read_uncommitted'] as const;

/** Where reading begins and ends. */
export const rangeOptions = {
  fromBeginning: flag('--from-beginning', 'start at the oldest record'),
  from: option('--from <position>', 'start at this position', position, { defaultText: 'end' }),
  to: option('--to <position>', 'stop before this position', position),
  exit: flag('-e, --exit', 'exit after the last record that existed at the start'),
  maxRecords: option('-n, --max-records <count>', 'exit after this many records', wholeNumber),
  partition: repeatable('-p, --partition <partition>', 'only this partition', wholeNumber),
};

/** Which records of the range are wanted. */
export const filterOptions = {
  key: option('--key <regex>', 'only records whose key matches', regex),
  value: option('--value <regex>', 'only records whose value matches, as text', regex),
  header: repeatable('--header <name=regex>', 'only records with this header, whose value matches', headerFilter),
  where: repeatable('--where <expression>', 'only records for which this JavaScript expression holds', text),
  isolation: option('--isolation <level>', 'whether records of open and aborted transactions are shown', choice(isolations), {
    defaultText: 'read_committed',
  }),
};

type RangeOptions = OptionValues<typeof rangeOptions>;
export type FilterOptions = OptionValues<typeof filterOptions>;
type SelectionOptions = RangeOptions & FilterOptions & { readonly maxBatchBytes?: number | undefined };

/**
 * What to read, in no group and in no order over partitions.
 * @param otherwise where to begin unless an option says so
 * @param key the one key that is looked for
 * @param keepsFailed whether records on which a filter fails are given to the reader with their failure, rather than left out
 * @throws KtError `usage` for two starts, an expression that is wrong, and a regular expression that could take for ever
 */
export async function selectionRequest(
  topics: readonly string[],
  options: SelectionOptions,
  reading: FieldReading,
  otherwise: Position = { at: 'end' },
  keepsFailed = false,
  key?: KeySearch,
): Promise<ReadRequest> {
  return {
    ...topicsOf(topics, options.partition),
    key,
    from: startOf(options, otherwise),
    to: options.to,
    exitAtEnd: options.exit,
    maxRecords: options.maxRecords,
    last: undefined,
    merge: false,
    filter: await recordFilter(options, reading, keepsFailed, key),
    schemas: reading.schemas,
    isolation: options.isolation ?? 'read_committed',
    maxBatchBytes: options.maxBatchBytes,
    group: undefined,
  };
}

/** Topics as they are given, some with partitions behind a colon. @throws KtError `usage` for partitions of one topic among several patterns */
function topicsOf(
  topics: readonly string[],
  partitions: readonly number[],
): Pick<ReadRequest, 'topics' | 'partitions' | 'partitionsOf'> {
  const selections = selectionsOf(topics, partitions);
  const own = selections.filter((selection) => selection.partitions !== undefined);
  const names = selections.map(({ topic }) => topic);
  if (own.length === 0) return { topics: names, partitions };
  if (selections.length === 1) return { topics: names, partitions: own[0]!.partitions! };
  const pattern = own.find(({ topic }) => isPattern(topic));
  if (pattern && partitions.length === 0)
    throw usageError(`partitions of ${pattern.topic} (a pattern, beside other topics)`, 'name its topics, or give it alone');
  const partitionsOf = new Map<string, readonly number[]>();
  // A topic that is named twice is read as far as any of them says; empty means all.
  for (const { topic, partitions: added = [] } of selections) {
    const before = partitionsOf.get(topic) ?? added;
    const all = before.length === 0 || added.length === 0;
    partitionsOf.set(topic, all ? [] : [...new Set([...before, ...added])]);
  }
  return { topics: [...partitionsOf.keys()], partitions, partitionsOf };
}

/** Where to begin. @throws KtError `usage` for two starts */
export function startOf({ fromBeginning, from }: Pick<RangeOptions, 'fromBeginning' | 'from'>, otherwise: Position): Position {
  if (fromBeginning && from)
    throw usageError('--from-beginning and --from (two starts)', '--from-beginning is --from beginning: give one of them');
  return from ?? (fromBeginning ? { at: 'beginning' } : otherwise);
}

/** Whether a filter looks into keys and values, so that it matters how they are read. */
export function looksInside({ key, value, where }: FilterOptions): boolean {
  return key !== undefined || value !== undefined || where.length > 0;
}

/** Whether records are left out for what is in them. */
export function hasFilter(options: FilterOptions): boolean {
  return looksInside(options) || options.header.length > 0;
}

/** Says on a terminal how many of the records that were looked at passed the filters. */
export function tellMatched({ terminal, note }: Context, { passed, skipped }: RecordFilter): void {
  if (terminal.stderr) note(`${passed.toLocaleString('en-US')} of ${counted(passed + skipped, 'record')} matched`);
}

/** What a reading tells its user. @param showsRecords whether records on the screen show how far it has come */
export function readEvents({ signal, note, warn, bar, terminal }: Context, showsRecords: boolean): ReadEvents {
  return {
    signal,
    note,
    warn,
    bar: (offsets) => (showsRecords && terminal.stdout ? undefined : bar(offsets, 'records')),
    waiting: (text) => {
      if (terminal.stderr) note(text);
    },
  };
}

/** Compiles each expression that an option was given. @throws KtError `usage` with the place of what is wrong */
export async function expressions(option: string, sources: readonly string[]): Promise<readonly CompiledExpression[]> {
  if (sources.length === 0) return [];
  const { compileExpression } = await import('../../records/expression/compile.ts');
  return Promise.all(sources.map((source) => compileExpression(option, source)));
}

async function recordFilter(
  { key, value, header, where, maxBatchBytes }: SelectionOptions,
  reading: FieldReading,
  keepsFailed: boolean,
  search: KeySearch | undefined,
): Promise<RecordFilter> {
  const headers = header.map(async ({ name, pattern }) => ({
    name,
    pattern: pattern && (await safePattern('--header', pattern)),
  }));
  return new RecordFilter({
    isOfKey: search?.matches,
    key: key && (await safePattern('--key', key)),
    value: value && (await safePattern('--value', value)),
    headers: await Promise.all(headers),
    where: await expressions('--where', where),
    ...reading,
    keepsFailed,
    isSound: reading.schemas?.isSound,
    maxBatchBytes,
  });
}
