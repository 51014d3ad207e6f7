/** Compares the users of a cluster with what files want, and deletes what is too much. None can be made: that takes a password. */
import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { ApplyOptions, Failures, Planned, PlanOptions } from '../desired/planned.ts';
import { deleteCredentials } from './change.ts';
import type { DesiredUser } from './file.ts';
import { listUsers, type User } from './list.ts';
import { isScramMechanism, type ScramMechanism, usualMechanism } from './scram.ts';

/** A user's password for one mechanism. */
export interface PlannedCredential extends Planned {
  readonly user: string;
  /** Null: any, where a file names none. */
  readonly mechanism: string | null;
  /** Rounds of its hash; null where it is not there, or any will do. */
  readonly iterations: number | null;
  readonly action: 'create' | 'delete' | 'none' | 'unmanaged';
}

/**
 * Compares the users that the files name; others are never looked at.
 * @param prune delete the passwords of these users for mechanisms in no file
 * @returns by user and mechanism; what is missing has an error that says how to make it
 * @throws KtError `refused` without permission
 */
export async function planUsers(
  cluster: Cluster,
  desired: readonly DesiredUser[],
  { prune }: PlanOptions,
): Promise<readonly PlannedCredential[]> {
  if (desired.length === 0) return [];
  const existing = new Map((await listUsers(cluster)).users.map((each) => [each.user, each]));
  const byName = [...desired].sort((a, b) => (a.user < b.user ? -1 : 1));
  return byName.flatMap((each) => planUser(each, existing.get(each.user), prune));
}

function planUser({ user, mechanisms }: DesiredUser, existing: User | undefined, prune: boolean): readonly PlannedCredential[] {
  if (!mechanisms)
    return [existing ? { user, mechanism: null, iterations: null, action: 'none' } : missing(user, usualMechanism, null)];
  const wanted = new Set<string>(mechanisms);
  const there = new Map(existing?.credentials.map(({ mechanism, iterations }) => [mechanism, iterations]));
  return [...new Set([...wanted, ...there.keys()])].sort().map((mechanism): PlannedCredential => {
    const iterations = there.get(mechanism);
    if (iterations === undefined) return missing(user, mechanism, mechanism);
    const isDoomed = prune && isScramMechanism(mechanism);
    return { user, mechanism, iterations, action: wanted.has(mechanism) ? 'none' : isDoomed ? 'delete' : 'unmanaged' };
  });
}

/** @param named the mechanism that the file names */
function missing(user: string, mechanism: string, named: string | null): PlannedCredential {
  const option = mechanism === usualMechanism ? '' : ` --mechanism ${mechanism}`;
  const what = named === null ? 'no password' : `no ${named} password`;
  const error = new KtError('refused', `user ${user} has ${what} (a file cannot give it one)`, {
    code: 'RESOURCE_NOT_FOUND',
    hint: `kt users set ${shellWord(user)}${option}`,
  });
  return { user, mechanism: named, iterations: null, action: 'create', error };
}

/** Deletes the passwords that are too many. */
export async function deletePasswords(
  cluster: Cluster,
  planned: readonly PlannedCredential[],
  { dryRun }: ApplyOptions,
): Promise<Failures<PlannedCredential>> {
  const failures = new Map<PlannedCredential, KtError>();
  const doomed = planned.filter(({ action }) => action === 'delete');
  for (const user of new Set(doomed.map((each) => each.user))) {
    const own = doomed.filter((each) => each.user === user);
    const credentials = own.map(({ mechanism, iterations }) => ({
      mechanism: mechanism as ScramMechanism,
      iterations: iterations!,
    }));
    const outcomes = await deleteCredentials(cluster, user, credentials, dryRun);
    for (const [at, { error }] of outcomes.entries()) if (error) failures.set(own[at]!, error);
  }
  return failures;
}
