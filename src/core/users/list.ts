/** The users with SCRAM credentials that a cluster has: DescribeUserScramCredentials (KIP-554). */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { errorOf, refused } from '../../kafka/wire/errors.ts';
import { mechanismOf } from './scram.ts';

export interface Credential {
  readonly mechanism: string;
  readonly iterations: number;
}

export interface User {
  readonly user: string;
  /** By mechanism. */
  readonly credentials: readonly Credential[];
}

export interface Users {
  /** By name. */
  readonly users: readonly User[];
  /** Those that do not exist. */
  readonly problems: readonly KtError[];
}

/**
 * All users, or those of these names.
 * @throws KtError `refused` without permission; one user who does not exist is only a problem
 */
export async function listUsers(cluster: Cluster, names: readonly string[] = []): Promise<Users> {
  // None asks for all, as null does, which makes a broker that has to refuse it fail without an answer.
  const asked = [...new Set(names)].map((name) => ({ name }));
  const { errorCode, errorMessage, results } = await cluster.request('DescribeUserScramCredentials', { users: asked });
  if (errorCode !== 0) throw refusedFor(errorCode, 'users of the cluster', { cluster: ['DESCRIBE'] }, errorMessage);
  const users: User[] = [];
  const problems: KtError[] = [];
  for (const { user, errorCode, errorMessage, credentialInfos } of results) {
    if (errorCode === 0) users.push({ user, credentials: credentialsOf(credentialInfos) });
    else problems.push(missing(user, errorCode, errorMessage));
  }
  users.sort((a, b) => (a.user < b.user ? -1 : 1));
  return { users, problems };
}

function credentialsOf(infos: readonly { readonly mechanism: number; readonly iterations: number }[]): readonly Credential[] {
  return infos
    .map(({ mechanism, iterations }) => ({ mechanism: mechanismOf(mechanism), iterations }))
    .sort((a, b) => (a.mechanism < b.mechanism ? -1 : 1));
}

function missing(user: string, errorCode: number, message: string | null): KtError {
  if (errorOf(errorCode).name !== 'RESOURCE_NOT_FOUND') return refused(errorCode, `user ${user}`, message);
  return refused(errorCode, `user ${user}`, 'it has no SCRAM credentials', 'kt users list shows the users who have');
}
