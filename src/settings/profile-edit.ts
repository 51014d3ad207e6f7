/** Changes to the config file that keep its comments and order. Each reads the file, checks it and replaces it, one process at a time. */
import { mkdirSync, readlinkSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Document } from 'yaml';
import { KtError, usageError } from '../base/errors.ts';
import { withLock } from '../base/lock.ts';
import { shellWord } from '../base/shell-word.ts';
import { type ProfileFile, parseProfiles, profileNamed, readIfThere, readProfiles } from './profile-file.ts';

/** A profile as the file has it; absent keys are left out. */
export interface ProfileEntry {
  readonly bootstrapServer?: string | undefined;
  readonly registry?: string | undefined;
  readonly commandConfig?: string | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
  readonly addressMap?: readonly string[] | undefined;
  readonly proxy?: string | undefined;
  readonly timeout?: string | undefined;
}

/** Which file to change; the signal ends its reading. */
interface Place {
  readonly path: string;
  readonly signal: AbortSignal;
}

/**
 * @param use whether it becomes the current profile
 * @returns the file as it was before
 * @throws KtError `usage` when there is one of that name, or the file cannot be read or written
 */
export function addProfile(place: Place, name: string, entry: ProfileEntry, use: boolean): Promise<ProfileFile> {
  return edit(place, (document, { current, profiles }) => {
    if (profiles.has(name))
      throw usageError(`profile '${name}' exists already`, `kt profile remove ${shellWord(name)}, then add it again`);
    setEntry(document, name, entry);
    if (use || (current === undefined && !hasOwn(profiles))) document.set('current', name);
  });
}

/** Whether there is a profile that the user added: those of local clusters are kept by kt. */
export function hasOwn(profiles: ProfileFile['profiles']): boolean {
  return [...profiles.keys()].some((name) => !name.startsWith('local/'));
}

function setEntry(document: Document, name: string, entry: ProfileEntry): void {
  // An empty `profiles:` is a scalar, in which nothing can be set.
  if (!isMap(document.get('profiles', true))) document.set('profiles', document.createNode({}));
  document.setIn(['profiles', name], document.createNode(entry));
}

/** Keeps a profile of a local cluster as it is now, or none. @throws KtError `usage` when the file cannot be read or written */
export async function setProfile(place: Place, name: string, entry: ProfileEntry | undefined): Promise<void> {
  const { profiles } = await readProfiles(place.path, place.signal);
  if (entry === undefined && !profiles.has(name)) return;
  await edit(place, (document) => {
    if (entry) setEntry(document, name, entry);
    else document.deleteIn(['profiles', name]);
  });
}

/** It stays the current one if it was. @throws KtError `usage` when there is none of that name, or one of the new name */
export async function renameProfile(place: Place, name: string, newName: string): Promise<void> {
  await edit(place, (document, { current, profiles }) => {
    profileNamed(profiles, name, 'kt profile rename');
    if (profiles.has(newName)) throw usageError(`profile '${newName}' exists already`, 'choose another name');
    const pairs = (document.get('profiles', true) as { items: { key: unknown }[] }).items;
    const pair = pairs.find(({ key }) => String(key) === name)!;
    pair.key = document.createNode(newName);
    if (current === name) document.set('current', newName);
  });
}

/** @throws KtError `usage` when there is none of that name, or the file cannot be read or written */
export async function useProfile(place: Place, name: string): Promise<void> {
  await edit(place, (document, { profiles }) => {
    profileNamed(profiles, name, 'kt profile use');
    document.set('current', name);
  });
}

/**
 * If it is the current profile, it stays named as that: commands fail until another one is chosen, rather than going to the default
 * address.
 * @returns the file as it was before
 * @throws KtError `usage` when there is none of that name, or the file cannot be read or written
 */
export function removeProfile(place: Place, name: string): Promise<ProfileFile> {
  return edit(place, (document, { profiles }) => {
    profileNamed(profiles, name, 'kt profile remove');
    document.deleteIn(['profiles', name]);
  });
}

function isMap(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'items' in node;
}

async function edit({ path, signal }: Place, change: (document: Document, before: ProfileFile) => void): Promise<ProfileFile> {
  const { parseDocument } = await import('yaml');
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const target = linkedFile(path);
    // Without the lock, of several changes at once only the last would stay.
    return await withLock(`${target}.lock`, signal, async () => {
      const file = await readIfThere(path, signal);
      const before = await parseProfiles(file, path);
      const document = parseDocument(file?.bytes.toString('utf8') ?? '', { schema: 'failsafe' });
      change(document, before);
      replaceFile(target, textOf(document, path));
      return before;
    });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof KtError || code === undefined) throw cause;
    throw usageError(`cannot write ${path} (${code})`, 'check the permissions of the folder');
  }
}

function textOf(document: Document, path: string): string {
  try {
    return document.toString({ lineWidth: 0 });
  } catch (cause) {
    if (!/^Unresolved alias/.test((cause as Error).message)) throw cause;
    throw usageError(
      `cannot change ${path} so (an alias would be left without its anchor)`,
      'other profiles use a part of this one: edit the file',
    );
  }
}

/** The file that a chain of symbolic links leads to, which need not exist; the links stay. */
function linkedFile(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  let target = path;
  for (let links = 0; links < 40; links++) {
    try {
      target = resolve(dirname(target), readlinkSync(target));
    } catch {
      break;
    }
  }
  return target;
}

/** Whole or not at all, and readable only by its owner. */
function replaceFile(target: string, text: string): void {
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
