/** The rivals written in Go. They run if `rivals.sh` built them or the PATH has them, else they are listed as absent; none reads or writes a person's own settings. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isThere } from './programs.ts';
import type { Contender } from './row.ts';
import { workDirectory } from './work.ts';

const names = ['kcl', 'kaf', 'kafkactl', 'rpk'] as const;
export type Rival = (typeof names)[number];

/** Where `rivals.sh` puts what it builds. */
const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kt/rivals');
const places = new Map(names.flatMap((name) => place(name).map((program) => [name, program])));

/** What `rivals.sh` built, or else what the PATH has. */
function place(name: Rival): readonly string[] {
  const built = join(folder, name);
  if (existsSync(built)) return [built];
  return isThere(name) ? [name] : [];
}

/** Names and versions of what `rivals.sh` built. */
export const builtRivals: readonly string[] = names
  .filter((name) => existsSync(join(folder, name)))
  .map((name) => `${name} ${readFileSync(join(folder, `${name}.version`), 'utf8').trim()}`);

/** The rivals that are not installed here. */
export function absentRivals(): readonly Rival[] {
  return names.filter((name) => !places.has(name));
}

/** The rival as a row's contender; empty if it is not installed. */
export function rival(name: Rival, contender: Omit<Contender, 'name'>): readonly Contender[] {
  return places.has(name) ? [{ name, ...contender }] : [];
}

/** kcl's command line; without the flag it first asks for settings. */
export function kcl(bootstrapServers: string, ...args: readonly string[]): readonly string[] {
  return [places.get('kcl')!, ...args, '--no-config-file', '-B', bootstrapServers];
}

export function kaf(bootstrapServers: string, ...args: readonly string[]): readonly string[] {
  return [places.get('kaf')!, '-b', bootstrapServers, ...args];
}

/** kafkactl's command line; it has no flag for bootstrap servers. */
export function kafkactl(bootstrapServers: string, ...args: readonly string[]): readonly string[] {
  const file = join(workDirectory, 'kafkactl.yml');
  writeFileSync(file, `contexts:\n  default:\n    brokers: [${bootstrapServers}]\n`);
  return [places.get('kafkactl')!, '-C', file, ...args];
}
