/** Changes to the config file that keep its comments and order. */
import { mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Document } from 'yaml';
import { usageError } from '../base/errors.ts';
import { readIfThere } from './profile-file.ts';

/** A profile as the file has it; absent keys are left out. */
export interface ProfileEntry {
  readonly bootstrapServer?: string | undefined;
  readonly commandConfig?: string | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
  readonly addressMap?: readonly string[] | undefined;
  readonly timeout?: string | undefined;
}

/** @throws KtError `usage` when the file cannot be written */
export async function addProfile(path: string, name: string, entry: ProfileEntry): Promise<void> {
  await edit(path, (document) => {
    // An empty `profiles:` is a scalar, which nothing can be set in.
    if (!isMap(document.get('profiles', true))) document.set('profiles', document.createNode({}));
    document.setIn(['profiles', name], document.createNode(entry));
  });
}

/** @throws KtError `usage` when the file cannot be written */
export async function useProfile(path: string, name: string): Promise<void> {
  await edit(path, (document) => document.set('current', name));
}

/** Also ends its being the current one. @throws KtError `usage` when the file cannot be written */
export async function removeProfile(path: string, name: string): Promise<void> {
  await edit(path, (document) => {
    document.deleteIn(['profiles', name]);
    if (document.get('current') === name) document.delete('current');
  });
}

function isMap(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'items' in node;
}

async function edit(path: string, change: (document: Document) => void): Promise<void> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(readIfThere(path) ?? '', { schema: 'failsafe' });
  change(document);
  replaceFile(path, document.toString({ lineWidth: 0 }));
}

/** Whole or not at all, and for the owner's eyes only. A symbolic link stays one. */
function replaceFile(path: string, text: string): void {
  let temporary: string | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const target = readIfThere(path) === undefined ? path : realpathSync(path);
    temporary = `${target}.${process.pid}.tmp`;
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, target);
  } catch (cause) {
    if (temporary) rmSync(temporary, { force: true });
    throw usageError(`cannot write ${path} (${(cause as NodeJS.ErrnoException).code})`, 'check the permissions of the folder');
  }
}
