/** The subjects of a registry with what there is to know of each. */
import type { NamePattern } from '../../base/name-pattern.ts';
import type { RegistryClient } from './client.ts';
import { orIfMissing } from './error.ts';
import type { SchemaType } from './schema.ts';
import { deletedVersionOf, globalLevel, levelOf, subjectNames, versionOf, versionsOf } from './subjects.ts';

export interface ListedSubject {
  readonly subject: string;
  readonly versions: readonly number[];
  /** Of the newest version. */
  readonly latestId: number | null;
  /** null for a deleted subject whose schemas the registry no longer shows, as with `latestId`. */
  readonly type: SchemaType | null;
  /** The level in force. */
  readonly compatibility: string | null;
  readonly deleted: boolean;
}

/** So many subjects are asked about at once. */
const atOnce = 16;

/**
 * By name; a subject that is deleted meanwhile is left out.
 * @param deleted those that are soft-deleted, too
 */
export async function listSubjects(
  client: RegistryClient,
  pattern: NamePattern | undefined,
  deleted: boolean,
): Promise<readonly ListedSubject[]> {
  const [live, all, global] = await Promise.all([
    subjectNames(client),
    deleted ? subjectNames(client, true) : undefined,
    orIfMissing(globalLevel(client), undefined),
  ]);
  const living = new Set(live);
  const names = [...new Set([...live, ...(all ?? [])])].filter((name) => pattern?.matches(name) ?? true).sort();
  const listed: (ListedSubject | undefined)[] = [];
  for (let from = 0; from < names.length; from += atOnce) {
    const some = names.slice(from, from + atOnce);
    listed.push(
      ...(await Promise.all(
        some.map((name) => orIfMissing(listedSubject(client, name, !living.has(name), global), undefined)),
      )),
    );
  }
  return listed.filter((each) => each !== undefined);
}

async function listedSubject(
  client: RegistryClient,
  subject: string,
  deleted: boolean,
  global: string | undefined,
): Promise<ListedSubject> {
  const versions = await versionsOf(client, subject, deleted);
  const newest = versions.at(-1);
  const [schema, level] = await Promise.all([
    newest === undefined ? undefined : deleted ? deletedVersionOf(client, subject, newest) : versionOf(client, subject, newest),
    deleted || global === undefined ? undefined : levelOf(client, subject, global),
  ]);
  return {
    subject,
    versions,
    latestId: schema?.id ?? null,
    type: schema?.type ?? null,
    compatibility: level?.level ?? null,
    deleted,
  };
}

/** `1-3, 5`. */
export function rangesText(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] + 1 === number) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
