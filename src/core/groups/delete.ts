/** Deletes groups: finds and describes them first, then sends DeleteGroups once per coordinator, with an outcome for each. */

import { KtError, usageError } from '../../base/errors.ts';
import { namePatternAmong, unambiguous } from '../../base/name-pattern.ts';
import { shellWord } from '../../base/shell-word.ts';
import { counted } from '../../base/units.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { perCoordinator, type Send } from '../../kafka/routing.ts';
import { errorOf, leftOut } from '../../kafka/wire/errors.ts';
import { activeError, namedGroup } from './named.ts';
import { type GroupPosition, groupPositions } from './positions.ts';
import { internalTopicsNote, internalTopicsOf } from './streams.ts';

export interface GroupDeletion {
  /** Groups without members, which can be deleted. */
  readonly groups: readonly GroupPosition[];
  /** Groups with members, and names and patterns that match none. */
  readonly failed: readonly GroupDeletionOutcome[];
  /** Topics that Streams applications leave behind, one line for each application. */
  readonly left: readonly string[];
}

export interface GroupDeletionOutcome {
  readonly group: string;
  /** `valid`: a dry run that would have deleted it. */
  readonly status: 'deleted' | 'valid' | 'failed';
  readonly state: string | null;
  readonly type: string | null;
  /** How many partitions it has committed offsets for; null where unknown. */
  readonly partitions: number | null;
  readonly error?: KtError;
}

/**
 * The groups that names and patterns match.
 * @throws KtError `usage` for a pattern that is also the name of a group: whether that group is meant or all of them cannot be told
 */
export async function planGroupDeletion(cluster: Cluster, texts: readonly string[]): Promise<GroupDeletion> {
  const { groups } = await groupPositions(cluster, texts);
  const names = new Set(groups.map(({ group }) => group.group));
  const matched = [...new Set(texts)].map((text) => {
    const { matches } = namePatternAmong(text, names);
    return { text, groups: [...names].filter(matches) };
  });
  for (const each of matched)
    if (names.has(each.text) && each.groups.length > 1) throw ambiguous(each.text, each.groups.length - 1);
  const unfound = matched.filter((each) => each.groups.length === 0).map(({ text }) => text);
  const missing = await Promise.all(
    unfound.map(async (text): Promise<GroupDeletionOutcome> => {
      const error = await whyMissing(cluster, text);
      return { group: text, status: 'failed', state: null, type: null, partitions: null, error };
    }),
  );
  const active = groups.flatMap((position) => {
    const error = activeError(position);
    return error ? [outcomeOf(position, 'failed', error)] : [];
  });
  const deletable = groups.filter((position) => !activeError(position));
  const { topics } = await cluster.metadata('all');
  const left = deletable.flatMap(({ group }) => internalTopicsNote(group, internalTopicsOf(group.group, topics.keys())));
  return { groups: deletable, failed: [...active, ...missing], left };
}

function ambiguous(text: string, others: number): KtError {
  const { name, pattern } = unambiguous(text);
  const matches = `matches ${counted(others, 'other')} as a pattern`;
  return usageError(
    `'${text}' (a group has this name, and it ${matches})`,
    `write ${shellWord(name)} for that group alone, or ${shellWord(pattern)} for all that the pattern matches`,
  );
}

async function whyMissing(cluster: Cluster, text: string): Promise<KtError> {
  try {
    const { missing } = await namedGroup(cluster, text);
    return missing ?? new KtError('refused', `group ${text} was created only just now`, { hint: 'run it again' });
  } catch (error) {
    if (error instanceof KtError && error.kind === 'refused') return error;
    throw error;
  }
}

/** The outcomes of a plan that is not carried out. */
export function plannedDeletions({ groups, failed }: GroupDeletion): readonly GroupDeletionOutcome[] {
  return [...groups.map((position) => outcomeOf(position, 'valid')), ...failed];
}

/** Carries out a plan; one group that fails does not stop the others. */
export async function deleteGroups(
  cluster: Cluster,
  { groups, failed }: GroupDeletion,
): Promise<readonly GroupDeletionOutcome[]> {
  const known = new Map(groups.map(({ group: { group, coordinator } }) => [group, coordinator]));
  // Groups that a broker may have been told to delete, which did not say whether it has: another one no longer knows them then.
  const maybeDeleted = new Set<string>();
  const send: Send<string, { readonly errorCode: number; readonly refusal: number }> = async (broker, asked) => {
    const { results } = await cluster.request('DeleteGroups', { groupsNames: asked }, { broker }).catch((error) => {
      for (const group of asked) maybeDeleted.add(group);
      throw error;
    });
    return new Map(
      results.map(({ groupId, errorCode }) => {
        // Routing sees only errors worth another try; all others are worded here.
        const passing = coordinatorErrors.has(errorOf(errorCode).name);
        return [groupId, { errorCode: passing ? errorCode : 0, refusal: errorCode }];
      }),
    );
  };
  const answers = await perCoordinator(cluster, [...known.keys()], send, { known });
  const outcomes = groups.map((position) => {
    const { group } = position.group;
    const answer = answers.get(group);
    if (answer instanceof KtError) return outcomeOf(position, 'failed', answer);
    const refusal = answer?.refusal ?? leftOut;
    const isGone = errorOf(refusal).name === 'GROUP_ID_NOT_FOUND' && maybeDeleted.has(group);
    if (refusal === 0 || isGone) return outcomeOf(position, 'deleted');
    return outcomeOf(position, 'failed', refusedFor(refusal, `group ${group} not deleted`, { group: ['DELETE', group] }));
  });
  return [...outcomes, ...failed];
}

const coordinatorErrors: ReadonlySet<string> = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
]);

function outcomeOf(
  { group: { group, state, type }, commits }: GroupPosition,
  status: GroupDeletionOutcome['status'],
  error?: KtError,
): GroupDeletionOutcome {
  return { group, status, state, type, partitions: commits.length, ...(error ? { error } : {}) };
}
