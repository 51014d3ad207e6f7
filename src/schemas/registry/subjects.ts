/** What a registry says of its subjects: their names, versions and compatibility levels, and how they are deleted. */
import { isWhole, readNames, readNumbers, readSchema, strange } from './answers.ts';
import { isObject } from './body.ts';
import type { RegistryClient } from './client.ts';
import { orIfMissing } from './error.ts';
import { type PlainSchema, versionText } from './schema.ts';

/** As `Schema Registry: Compatibility` names them. */
export const levels = [
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
  'NONE',
] as const;

/** In the order of names. @param deleted with those that are soft-deleted */
export async function subjectNames(client: RegistryClient, deleted = false): Promise<string[]> {
  const what = 'list the subjects';
  const value = await client.ask({ path: ['subjects'], query: { deleted: deleted || undefined }, what });
  return readNames(value ?? [], what).sort();
}

/** In ascending order. @throws RegistryError, `isMissing` for an unknown subject */
export async function versionsOf(client: RegistryClient, subject: string, deleted = false): Promise<number[]> {
  const what = `list the versions of ${subject}`;
  const path = ['subjects', subject, 'versions'];
  const value = await client.ask({ path, query: { deleted: deleted || undefined }, what });
  return readNumbers(value, what).sort((a, b) => a - b);
}

/** A version as it is, without what it refers to. */
export function versionOf(client: RegistryClient, subject: string, version: number | 'latest'): Promise<PlainSchema> {
  return askVersion(client, subject, version, undefined);
}

/** A version that may be soft-deleted; undefined where the registry does not show it: Apicurio shows none of a deleted subject. */
export function deletedVersionOf(
  client: RegistryClient,
  subject: string,
  version: number | 'latest',
): Promise<PlainSchema | undefined> {
  return orIfMissing(askVersion(client, subject, version, true), undefined);
}

async function askVersion(
  client: RegistryClient,
  subject: string,
  version: number | 'latest',
  deleted: true | undefined,
): Promise<PlainSchema> {
  const what = `get ${versionText({ subject, version })}`;
  const value = await client.ask({ path: ['subjects', subject, 'versions', version], query: { deleted }, what });
  return readSchema(value, what, { subject });
}

/** The subjects and versions that have a schema; empty where the registry cannot say. */
export async function placesOf(client: RegistryClient, id: number): Promise<{ subject: string; version: number }[]> {
  const what = `list the subjects with the schema of id ${id}`;
  const value = await orIfMissing(client.ask({ path: ['schemas', 'ids', id, 'versions'], what }), []);
  return (Array.isArray(value) ? value : []).flatMap((each: unknown) => {
    if (!isObject(each) || typeof each['subject'] !== 'string' || !isWhole(each['version'])) return [];
    return [{ subject: each['subject'], version: each['version'] }];
  });
}

export interface Level {
  readonly level: string;
  /** Whether it is the subject's own. Apicurio answers with the global level where there is none, so one that equals it does not count. */
  readonly own: boolean;
}

/** The level of subjects that have none of their own. */
export function globalLevel(client: RegistryClient): Promise<string> {
  return askLevel(client, []);
}

/** The level in force for a subject, which need not exist. @param global the level where it has none of its own */
export async function levelOf(client: RegistryClient, subject: string, global: string): Promise<Level> {
  const level = await orIfMissing(askLevel(client, [subject]), global);
  return { level, own: level !== global };
}

async function askLevel(client: RegistryClient, subject: readonly string[]): Promise<string> {
  const what = `get the compatibility level${subject.length > 0 ? ` of ${subject[0]}` : ''}`;
  return readLevel(await client.ask({ path: ['config', ...subject], what }), what);
}

function readLevel(value: unknown, what: string): string {
  // What was set is confirmed under another name than what is asked for.
  const level = isObject(value) ? (value['compatibilityLevel'] ?? value['compatibility']) : undefined;
  if (typeof level === 'string') return level;
  throw strange(what, 'there is no level in it');
}

/** @param level undefined removes the subject's own */
export async function setLevel(client: RegistryClient, subject: string | undefined, level: string | undefined): Promise<void> {
  const path = ['config', ...(subject === undefined ? [] : [subject])];
  const what = `${level === undefined ? 'remove' : 'set'} the compatibility level${subject === undefined ? '' : ` of ${subject}`}`;
  await client.ask(
    level === undefined ? { method: 'DELETE', path, what } : { method: 'PUT', path, body: { compatibility: level }, what },
  );
}

/** The ids of the schemas that refer to a version; empty where the registry cannot say. */
export async function referrersOf(client: RegistryClient, subject: string, version: number): Promise<number[]> {
  const what = `list the schemas that refer to ${versionText({ subject, version })}`;
  const value = await orIfMissing(client.ask({ path: ['subjects', subject, 'versions', version, 'referencedby'], what }), []);
  return Array.isArray(value) ? value.filter(isWhole) : [];
}

/** @param version undefined: all of the subject's at once. @param permanent only what is soft-deleted already can be deleted so */
export async function deleteVersion(
  client: RegistryClient,
  subject: string,
  version: number | undefined,
  permanent: boolean,
): Promise<void> {
  await client.ask({
    method: 'DELETE',
    path: ['subjects', subject, ...(version === undefined ? [] : ['versions', version])],
    query: { permanent: permanent || undefined },
    what: `delete ${version === undefined ? subject : versionText({ subject, version })}${permanent ? ' permanently' : ''}`,
  });
}
