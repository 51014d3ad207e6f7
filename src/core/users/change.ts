/** Sets and deletes SCRAM credentials: AlterUserScramCredentials (KIP-554). */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { ErrorCode, leftOut } from '../../kafka/wire/errors.ts';
import type { RequestBodies } from '../../kafka/wire/generated/types.ts';
import { mayAlter } from '../cluster/visibility.ts';
import { untilSeen } from '../topics/until-seen.ts';
import { type Credential, listUsers } from './list.ts';
import { mechanismCode, type ScramMechanism, saltedPassword } from './scram.ts';

/** What became of one credential. */
export interface UserOutcome {
  readonly user: string;
  readonly mechanism: string;
  /** Rounds of the credential as it is now, or was when it was deleted. */
  readonly iterations: number;
  /** `changed`: there was one for this mechanism before; `valid`: a dry run that would have deleted it. */
  readonly status: 'created' | 'changed' | 'deleted' | 'valid' | 'failed';
  readonly error?: KtError;
}

export interface NewCredential {
  readonly user: string;
  readonly mechanism: ScramMechanism;
  readonly iterations: number;
  readonly password: string;
}

/**
 * Gives a user a password; resolves when the broker knows it.
 * @throws KtError `refused` where users cannot be seen
 */
export async function setUser(
  cluster: Cluster,
  { user, mechanism, iterations, password }: NewCredential,
): Promise<UserOutcome> {
  const before = await credentialsOf(cluster, user);
  const secret = await saltedPassword(mechanism, password, iterations);
  const upsertion = { name: user, mechanism: mechanismCode(mechanism), iterations, ...secret };
  const error = await alter(cluster, user, { deletions: [], upsertions: [upsertion] }, 'set');
  if (error) return { user, mechanism, iterations, status: 'failed', error };
  await untilSeen(cluster, async () =>
    (await credentialsOf(cluster, user)).some((each) => each.mechanism === mechanism && each.iterations === iterations),
  );
  const existed = before.some((each) => each.mechanism === mechanism);
  return { user, mechanism, iterations, status: existed ? 'changed' : 'created' };
}

/**
 * Deletes credentials of a user; resolves when the broker no longer knows them.
 * @param credentials those that the user has
 * @param dryRun deletes nothing; who may not delete them is told so
 */
export async function deleteCredentials(
  cluster: Cluster,
  user: string,
  credentials: readonly (Credential & { readonly mechanism: ScramMechanism })[],
  dryRun: boolean,
): Promise<readonly UserOutcome[]> {
  const outcomes: UserOutcome[] = [];
  for (const credential of credentials) {
    const error = dryRun ? await tried(cluster, user) : await deleteCredential(cluster, user, credential.mechanism);
    const status = error ? 'failed' : dryRun ? 'valid' : 'deleted';
    outcomes.push({ user, ...credential, status, ...(error && { error }) });
  }
  const gone = new Set(outcomes.filter(({ status }) => status === 'deleted').map(({ mechanism }) => mechanism));
  if (gone.size > 0)
    await untilSeen(cluster, async () => !(await credentialsOf(cluster, user)).some(({ mechanism }) => gone.has(mechanism)));
  return outcomes;
}

/** Each has a request of its own: KRaft controllers refuse to alter a user twice in one. */
function deleteCredential(cluster: Cluster, user: string, mechanism: ScramMechanism): Promise<KtError | undefined> {
  const deletions = [{ name: user, mechanism: mechanismCode(mechanism) }];
  return alter(cluster, user, { deletions, upsertions: [] }, 'deleted');
}

async function tried(cluster: Cluster, user: string): Promise<KtError | undefined> {
  if (await mayAlter(cluster)) return undefined;
  return refusal(user, 'deleted', ErrorCode.CLUSTER_AUTHORIZATION_FAILED, null);
}

async function credentialsOf(cluster: Cluster, user: string): Promise<readonly Credential[]> {
  return (await listUsers(cluster, [user])).users[0]?.credentials ?? [];
}

type Alteration = RequestBodies['AlterUserScramCredentials'];

/** Alters one credential of a user: brokers answer for the user. */
async function alter(cluster: Cluster, user: string, body: Alteration, what: string): Promise<KtError | undefined> {
  const { results } = await cluster.request('AlterUserScramCredentials', body, 'controller');
  const { errorCode, errorMessage } = results.find((result) => result.user === user) ?? {
    errorCode: leftOut,
    errorMessage: null,
  };
  if (errorCode === 0) return undefined;
  return refusal(user, what, errorCode, errorMessage);
}

function refusal(user: string, what: string, errorCode: number, message: string | null): KtError {
  return refusedFor(errorCode, `password of user ${user} not ${what}`, { cluster: ['ALTER'] }, message);
}
