/** From the options of `kt aggregate` to what is computed. */
import { usageError } from '../../base/errors.ts';
import { formatDuration } from '../../base/units.ts';
import {
  type AggregateSpec,
  type Measure,
  type MeasureKind,
  measureKinds,
  type NamedExpression,
  rowNames,
  type Windows,
} from '../../records/aggregate/spec.ts';
import { compileExpression } from '../../records/expression/compile.ts';
import type { AggregateOptions } from './options.ts';

const defaultGraceMs = 60_000;
/** Of one record. */
const mostWindows = 10_000;
/** `revenue=value.total`, but neither `a == b` nor `a => b`. */
const named = /^\s*([A-Za-z]\w*)\s*=(?![=>])\s*(.*)$/s;

/** @throws KtError `usage` for expressions that are wrong, and for options that contradict each other */
export async function aggregateSpec(topic: string, options: AggregateOptions): Promise<AggregateSpec> {
  const measures = await measuresOf(options);
  const names = [...rowNames, ...measures.map(({ name }) => name)];
  return {
    topic,
    where: await Promise.all(options.where.map((text) => expression('--where', text))),
    by: await optional('--by', options.by),
    measures,
    windows: windowsOf(options),
    time: await optional('--time', options.time),
    graceMs: graceOf(options),
    emit: emitOf(options),
    value: options.value === undefined ? undefined : await shape(options.value, names),
  };
}

async function expression(flag: string, text: string): Promise<NamedExpression> {
  return { text, compiled: await compileExpression(flag, text) };
}

async function optional(flag: string, text: string | undefined): Promise<NamedExpression | undefined> {
  return text === undefined ? undefined : expression(flag, text);
}

async function shape(text: string, names: readonly string[]): Promise<NamedExpression<string>> {
  return { text, compiled: await compileExpression('--value', text, names) };
}

/** In the order of the kinds, and of one kind as they were given. */
async function measuresOf(options: AggregateOptions): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const kind of measureKinds) {
    if (kind === 'count') continue;
    for (const text of options[kind]) measures.push(await measureOf(kind, text));
  }
  if (options.count || measures.length === 0) measures.unshift({ name: 'count', kind: 'count', of: undefined });
  const seen = new Set<string>(rowNames);
  for (const { name, kind } of measures) {
    if ((rowNames as readonly string[]).includes(name)) {
      throw usageError(`--${kind} ${name}=… (every result has a ${name} already)`, 'give it another name');
    }
    if (seen.has(name)) {
      throw usageError(`two measures are called ${name}`, `name each of them, such as --${kind} total=value.total`);
    }
    seen.add(name);
  }
  return measures;
}

async function measureOf(kind: Exclude<MeasureKind, 'count'>, typed: string): Promise<Measure> {
  const [, name = kind, text = typed] = named.exec(typed) ?? [];
  return { name, kind, of: await expression(`--${kind}`, text) };
}

function windowsOf({ window: sizeMs, hop: hopMs, session: gapMs }: AggregateOptions): Windows {
  if (gapMs !== undefined) {
    if (sizeMs === undefined && hopMs === undefined) return { kind: 'session', gapMs };
    throw usageError(`--session and --${sizeMs === undefined ? 'hop' : 'window'} (two kinds of windows)`, 'give one of them');
  }
  if (sizeMs === undefined) {
    if (hopMs === undefined) return { kind: 'none' };
    throw usageError('--hop without --window', 'how long are the windows? For example --window 10m --hop 1m');
  }
  if (hopMs === undefined || hopMs === sizeMs) return { kind: 'tumbling', sizeMs };
  if (hopMs > sizeMs) {
    throw usageError(
      '--hop longer than --window (records between two windows would be in none)',
      'give a --hop that is shorter, or a longer --window',
    );
  }
  const windows = Math.ceil(sizeMs / hopMs);
  if (windows > mostWindows) {
    throw usageError(
      `--window and --hop (each record would be in ${windows.toLocaleString('en-US')} windows)`,
      `a --hop of ${formatDuration(Math.ceil(sizeMs / mostWindows))} or more`,
    );
  }
  return { kind: 'hopping', sizeMs, hopMs };
}

/** One window for all closes at the end; where there is none, its results are seen as they change. */
function emitOf({ emit, window, session, exit, to }: AggregateOptions): AggregateSpec['emit'] {
  const neverCloses = window === undefined && session === undefined && !exit && to === undefined;
  if (emit === 'final' && neverCloses) {
    throw usageError(
      '--emit final without windows and without an end (no result would ever be final)',
      'add -e, or a window such as --window 1m',
    );
  }
  return emit ?? (neverCloses ? 'updates' : 'final');
}

function graceOf({ grace = defaultGraceMs }: AggregateOptions): number {
  if (grace >= 0) return grace;
  throw usageError('--grace forever (no window would ever close)', '--emit updates shows results before windows close');
}
