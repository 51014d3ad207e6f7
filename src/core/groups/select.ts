/** The groups of a list that names and patterns stand for. */
import { KtError } from '../../base/errors.ts';
import { namePatternAmong } from '../../base/name-pattern.ts';
import { nearest } from '../../base/nearest.ts';
import { amongVisible } from '../cluster/visibility.ts';
import type { ListedGroup } from './list.ts';

export interface SelectedGroups {
  readonly groups: readonly ListedGroup[];
  /** Exact names that are not in the list. */
  readonly unlisted: readonly string[];
  /** Patterns that match no group. */
  readonly problems: readonly KtError[];
}

/**
 * The listed groups that names and patterns stand for; none: all. A pattern that is also a group's name stands for that group too.
 * @param isPartial whether the list may leave out groups that this user may not describe
 */
export function selectGroups(listed: readonly ListedGroup[], texts: readonly string[], isPartial = false): SelectedGroups {
  if (texts.length === 0) return { groups: listed, unlisted: [], problems: [] };
  const names = new Set(listed.map(({ group }) => group));
  const selected = new Set<string>();
  const unlisted: string[] = [];
  const problems: KtError[] = [];
  for (const text of new Set(texts)) {
    const pattern = namePatternAmong(text, names);
    const matching = pattern.exact ? [text].filter((name) => names.has(name)) : [...names].filter(pattern.matches);
    for (const group of matching) selected.add(group);
    if (matching.length > 0) continue;
    if (pattern.exact) unlisted.push(text);
    else problems.push(unknownGroup(text, `no group matches ${text}${isPartial ? ` (${amongVisible})` : ''}`, names));
  }
  return { groups: listed.filter(({ group }) => selected.has(group)), unlisted, problems };
}

/** The error for a group that is not there, with the existing name that was probably meant. */
export function unknownGroup(group: string, message: string, names: Iterable<string>): KtError {
  const near = nearest(group, names);
  const hint = near ? `did you mean ${near}?` : 'kt groups list shows the groups there are';
  return new KtError('refused', message, { code: 'GROUP_ID_NOT_FOUND', hint });
}
