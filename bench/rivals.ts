/** The rivals written in Go. They run if they are on the PATH, else they are listed as absent; none reads or writes a person's own settings. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isThere } from './programs.ts';
import type { Contender } from './row.ts';
import { workDirectory } from './work.ts';

const names = ['kcl', 'kaf', 'kafkactl', 'rpk'] as const;
export type Rival = (typeof names)[number];

const there = new Set(names.filter(isThere));

/** The rivals that are not installed here. */
export function absentRivals(): readonly Rival[] {
  return names.filter((name) => !there.has(name));
}

/** The rival as a row's contender; empty if it is not installed. */
export function rival(name: Rival, contender: Omit<Contender, 'name'>): readonly Contender[] {
  return there.has(name) ? [{ name, ...contender }] : [];
}

/** kcl's command line; without the flag it first asks for settings. */
export function kcl(bootstrapServers: string, ...args: readonly string[]): readonly string[] {
  return ['kcl', ...args, '--no-config-file', '-B', bootstrapServers];
}

/** kafkactl's command line; it has no flag for bootstrap servers. */
export function kafkactl(bootstrapServers: string, ...args: readonly string[]): readonly string[] {
  const file = join(workDirectory, 'kafkactl.yml');
  writeFileSync(file, `contexts:\n  default:\n    brokers: [${bootstrapServers}]\n`);
  return ['kafkactl', '-C', file, ...args];
}
