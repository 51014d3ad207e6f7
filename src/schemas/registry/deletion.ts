/** Deleting versions: what would go, and what became of it. */
import { KtError } from '../../base/errors.ts';
import type { RegistryClient } from './client.ts';
import { isMissing } from './error.ts';
import { deleteVersion, referrersOf, versionOf, versionsOf } from './subjects.ts';

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
  const living = await versionsOf(client, subject).catch((error: unknown): number[] => {
    if (permanent && isMissing(error)) return [];
    throw error;
  });
  const all = permanent ? await versionsOf(client, subject, true) : living;
  const chosen = wanted === undefined ? all : wanted === 'latest' ? living.slice(-1) : [wanted];
  return await Promise.all(
    chosen.map(async (version) => {
      const [schema, referencedBy] = await Promise.all([
        versionOf(client, subject, version, permanent),
        referrersOf(client, subject, version),
      ]);
      return { subject, version, id: schema.id ?? null, deleted: !living.includes(version), referencedBy };
    }),
  );
}

/** Deletes version by version, oldest first; one failure does not stop the others. A permanent deletion is a soft one first. */
export async function deleteVersions(
  client: RegistryClient,
  plan: readonly DoomedVersion[],
  permanent: boolean,
): Promise<readonly DeletedVersion[]> {
  const outcomes: DeletedVersion[] = [];
  for (const doomed of plan) {
    const { subject, version, deleted } = doomed;
    try {
      if (!deleted) await deleteVersion(client, subject, version, false);
      if (permanent) await deleteVersion(client, subject, version, true);
      outcomes.push({ ...doomed, status: 'deleted', permanent });
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'refused') throw error;
      outcomes.push({ ...doomed, status: 'failed', permanent, error });
    }
  }
  return outcomes;
}
