/** Changes to the config file that keep its comments and order. Each reads the file, checks it and replaces it in one step. */
import { mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Alias, Document, Node, Pair, visit, YAMLMap } from 'yaml';
import { usageError } from '../base/errors.ts';
import { type ProfileFile, parseProfiles, profileNamed, readIfThere } from './profile-file.ts';

/** A profile as the file has it; absent keys are left out. */
export interface ProfileEntry {
  readonly bootstrapServer?: string | undefined;
  readonly commandConfig?: string | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
  readonly addressMap?: readonly string[] | undefined;
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
  return edit(place, (document, { profiles }) => {
    if (profiles.has(name))
      throw usageError(`profile '${name}' exists already`, `kt profile remove ${name}, then add it again`);
    // An empty `profiles:` is a scalar, in which nothing can be set.
    if (!isMap(document.get('profiles', true))) document.set('profiles', document.createNode({}));
    document.setIn(['profiles', name], document.createNode(entry));
    if (use) document.set('current', name);
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
 * @throws KtError `usage` when there is none of that name, what it holds for others cannot be kept, or the file cannot be read or written
 */
export async function removeProfile(place: Place, name: string): Promise<ProfileFile> {
  const { visit: visitNodes } = await import('yaml');
  return edit(place, (document, { profiles }) => {
    profileNamed(profiles, name, 'kt profile remove');
    removeEntry(document, name, visitNodes);
  });
}

/** Takes a profile out. What it alone defined for others by an anchor (`&name`) moves to the first that uses it (`*name`). */
function removeEntry(document: Document, name: string, visitNodes: typeof visit): void {
  const entries = document.get('profiles', true) as unknown as YAMLMap<Node, Node | null>;
  const meant = new Map<Alias, Node | undefined>();
  visitNodes(document, { Alias: (_, alias) => void meant.set(alias, alias.resolve(document)) });
  const removed = entries.items.find(({ key }) => keyText(key, meant) === name)!;
  const homeless = new Set(anchoredIn(removed, visitNodes));
  entries.items.splice(entries.items.indexOf(removed), 1);
  visitNodes(document, {
    // A node that has moved is visited in turn, with the anchors and aliases in it.
    Node: (_, node) => void homeless.delete(node),
    Alias: (_, alias) => {
      const node = meant.get(alias);
      return node && homeless.has(node) ? node : undefined;
    },
  });
  visitNodes(document, {
    Alias(_, alias) {
      // An anchor of that name may stand twice, and the wrong one be the nearest now.
      if (alias.resolve(document) === meant.get(alias)) return;
      throw usageError(`profile '${name}' holds what others use as *${alias.source}`, 'edit the file by hand');
    },
  });
}

function keyText(key: Node, meant: ReadonlyMap<Alias, Node | undefined>): string {
  return String(((meant.get(key as Alias) ?? key) as { value?: unknown }).value);
}

function anchoredIn(pair: Pair<Node, Node | null>, visitNodes: typeof visit): readonly Node[] {
  const found: Node[] = [];
  const visitor = {
    Node(_: unknown, node: Node & { readonly anchor?: string }) {
      if (node.anchor !== undefined) found.push(node);
    },
  };
  visitNodes(pair.key, visitor);
  if (pair.value) visitNodes(pair.value, visitor);
  return found;
}

function isMap(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'items' in node;
}

async function edit({ path, signal }: Place, change: (document: Document, before: ProfileFile) => void): Promise<ProfileFile> {
  const { parseDocument } = await import('yaml');
  const file = await readIfThere(path, signal);
  const before = await parseProfiles(file, path);
  const document = parseDocument(file?.bytes.toString('utf8') ?? '', { schema: 'failsafe' });
  change(document, before);
  replaceFile(path, document.toString({ lineWidth: 0 }), file !== undefined);
  return before;
}

/** Whole or not at all, and readable only by its owner. A symbolic link stays one. */
function replaceFile(path: string, text: string, exists: boolean): void {
  let temporary: string | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const target = exists ? realpathSync(path) : path;
    temporary = `${target}.${process.pid}.tmp`;
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, target);
  } catch (cause) {
    if (temporary) rmSync(temporary, { force: true });
    throw usageError(`cannot write ${path} (${(cause as NodeJS.ErrnoException).code})`, 'check the permissions of the folder');
  }
}
