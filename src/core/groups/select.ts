/** The groups of a list that names and patterns stand for. */
import { KtError } from '../../base/errors.ts';
import { namePattern } from '../../base/name-pattern.ts';
import { nearest } from '../../base/nearest.ts';
import type { ListedGroup } from './list.ts';

export interface SelectedGroups {
  readonly groups: readonly ListedGroup[];
  /** Exact names that are not in the list. */
  readonly unlisted: readonly string[];
  /** Patterns that match no group. */
  readonly problems: readonly KtError[];
}

/** The listed groups that names and patterns stand for; none: all. A group's exact name wins over what it would mean as a pattern. */
export function selectGroups(listed: readonly ListedGroup[], texts: readonly string[]): SelectedGroups {
  if (texts.length === 0) return { groups: listed, unlisted: [], problems: [] };
  const names = new Set(listed.map(({ group }) => group));
  const selected = new Set<string>();
  const unlisted: string[] = [];
  const problems: KtError[] = [];
  for (const text of new Set(texts)) {
    if (names.has(text)) {
      selected.add(text);
      continue;
    }
    const pattern = namePattern(text);
    const matching = pattern.exact ? [] : listed.filter(({ group }) => pattern.matches(group));
    for (const { group } of matching) selected.add(group);
    if (pattern.exact) unlisted.push(text);
    else if (matching.length === 0) problems.push(unknownGroup(text, `no group matches ${text}`, names));
  }
  return { groups: listed.filter(({ group }) => selected.has(group)), unlisted, problems };
}

/** The error for a group that is not there, with the existing name that was probably meant. */
export function unknownGroup(group: string, message: string, names: Iterable<string>): KtError {
  const near = nearest(group, names);
  const hint = near ? `did you mean ${near}?` : 'kt groups list shows the groups there are';
  return new KtError('refused', message, { code: 'GROUP_ID_NOT_FOUND', hint });
}
