/** What an aggregation was asked for, to be kept with its state: with another request that state would mean nothing. */
import { KtError } from '../../../base/errors.ts';
import { shellWord } from '../../../base/shell-word.ts';
import { exactDuration } from '../../../base/units.ts';
import type { AggregateSpec } from '../spec.ts';

/** By option, what was given. */
export type Fingerprint = Readonly<Record<string, string>>;

export function fingerprintOf(spec: AggregateSpec, into: string): Fingerprint {
  const { topic, where, by, measures, windows, time, graceMs, emit, value } = spec;
  const options: Record<string, string | undefined> = {
    topic,
    '--where': where.map(({ text }) => text).join(' and ') || undefined,
    '--by': by?.text,
    measures: measures.map(({ name, kind, of }) => `--${kind}${of ? ` ${name}=${of.text}` : ''}`).join(' '),
    '--window': 'sizeMs' in windows ? exactDuration(windows.sizeMs) : undefined,
    '--hop': 'hopMs' in windows ? exactDuration(windows.hopMs) : undefined,
    '--session': 'gapMs' in windows ? exactDuration(windows.gapMs) : undefined,
    '--time': time?.text,
    '--grace': exactDuration(graceMs),
    '--emit': emit,
    '--value': value?.text,
    '--into': into,
  };
  return Object.fromEntries(Object.entries(options).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

/** @throws KtError `usage` where a group's state is of another request, and what differs */
export function requireSame(group: string, changelog: string, kept: Fingerprint, asked: Fingerprint): void {
  const names = new Set([...Object.keys(kept), ...Object.keys(asked)]);
  const different = [...names].filter((name) => kept[name] !== asked[name]);
  if (different.length === 0) return;
  const differences = different.map((name) => `${name} was ${kept[name] ?? 'not given'}, and is ${asked[name] ?? 'not given'}`);
  throw new KtError('usage', `group ${group} keeps the state of another aggregation (${differences.join('; ')})`, {
    hint: `give this one another --group; or begin anew: kt groups delete ${shellWord(group)} and kt topics delete ${shellWord(changelog)}`,
  });
}
