/** Deleting versions: what would go, and what became of it. */
import { KtError } from '../../base/errors.ts';
import type { RegistryClient } from './client.ts';
import { orIfMissing } from './error.ts';
import { deletedVersionOf, deleteVersion, referrersOf, versionOf, versionsOf } from './subjects.ts';

export interface DoomedVersion {
  readonly subject: string;
  readonly version: number;
  readonly id: number | null;
  /** Whether it is soft-deleted already. */
  readonly deleted: boolean;
  /** Ids of the schemas that refer to it: the registry keeps it as long as there are any. */
  readonly referencedBy: readonly number[];
}

export interface DeletedVersion extends DoomedVersion {
  readonly status: 'deleted' | 'valid' | 'failed';
  readonly permanent: boolean;
  readonly error?: KtError;
}

/**
 * The versions that would be deleted.
 * @param wanted undefined: all of them
 * @param permanent soft-deleted ones count, too
 * @throws RegistryError, `isMissing` where there are none
 */
export async function planDeletion(
  client: RegistryClient,
  subject: string,
  wanted: number | 'latest' | undefined,
  permanent: boolean,
): Promise<readonly DoomedVersion[]> {
  const asked = versionsOf(client, subject);
  const living = permanent ? await orIfMissing(asked, []) : await asked;
  const all = permanent ? await versionsOf(client, subject, true) : living;
  const chosen = wanted === undefined ? all : wanted === 'latest' ? living.slice(-1) : [wanted];
  return await Promise.all(
    chosen.map(async (version): Promise<DoomedVersion> => {
      const deleted = permanent && all.includes(version) && !living.includes(version);
      const [schema, referencedBy] = await Promise.all([
        deleted ? deletedVersionOf(client, subject, version) : versionOf(client, subject, version),
        referrersOf(client, subject, version),
      ]);
      return { subject, version, id: schema?.id ?? null, deleted, referencedBy };
    }),
  );
}

/**
 * A whole subject is deleted at once, and fails or goes as one; single versions by themselves. A permanent deletion is a soft one first.
 * @param whole whether the plan is of all versions
 */
export async function deleteVersions(
  client: RegistryClient,
  plan: readonly DoomedVersion[],
  { permanent, whole }: { readonly permanent: boolean; readonly whole: boolean },
): Promise<readonly DeletedVersion[]> {
  if (plan.length === 0) return [];
  const [{ subject }] = plan as [DoomedVersion];
  const remove = async (version: number | undefined, deleted: boolean): Promise<KtError | undefined> => {
    try {
      if (!deleted) await deleteVersion(client, subject, version, false);
      if (permanent) await deleteVersion(client, subject, version, true);
      return undefined;
    } catch (error) {
      if (error instanceof KtError && error.kind === 'refused') return error;
      throw error;
    }
  };
  if (whole) {
    const error = await remove(
      undefined,
      plan.every(({ deleted }) => deleted),
    );
    // One refusal is told once.
    return plan.map((doomed, at) => outcome(doomed, permanent, error !== undefined, at === 0 ? error : undefined));
  }
  const outcomes: DeletedVersion[] = [];
  for (const doomed of plan) {
    const error = await remove(doomed.version, doomed.deleted);
    outcomes.push(outcome(doomed, permanent, error !== undefined, error));
  }
  return outcomes;
}

function outcome(doomed: DoomedVersion, permanent: boolean, failed: boolean, error: KtError | undefined): DeletedVersion {
  return { ...doomed, status: failed ? 'failed' : 'deleted', permanent, ...(error && { error }) };
}
