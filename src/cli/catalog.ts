/** The list of commands, before any of their modules is loaded: found by words, grouped by noun. */
import { usageError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import type { Command } from './define.ts';

/** One command in the list: `name`, `summary`, `aliases` and `hidden` repeat its definition (a test compares them). */
export interface Registration {
  readonly name: string;
  readonly summary: string;
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  load(): Promise<Command>;
}

/** What each noun is about; help shows them in the order of the list of commands. */
export const groupSummaries: Readonly<Record<string, string>> = {
  topics: 'List, create, describe, change and delete topics',
  groups: 'List groups, and describe their members and offsets',
  cluster: 'Inspect brokers, the quorum and cluster health',
  configs: 'Show and change configs of topics, brokers, groups and clients',
  partitions: 'Move partitions and elect their leaders',
  acls: 'List, create and delete access control lists',
  users: 'List, set and delete SCRAM users',
  quotas: 'List, set and delete quotas',
  tokens: 'List, create, renew and end delegation tokens',
  transactions: 'List, describe and abort transactions',
  schemas: 'Inspect and change the schema registry',
  local: 'Run a real Kafka on this machine',
  profile: 'Keep named clusters in the config file',
};

/** What words stand for: a command, the group of commands that begin with them, or (no words) everything. */
export type Found =
  | { readonly kind: 'command'; readonly registration: Registration }
  | { readonly kind: 'group'; readonly name: string; readonly commands: readonly Registration[] };

/** Nouns as other tools say them. */
const sameNouns: Readonly<Record<string, string>> = {
  topic: 'topics',
  group: 'groups',
  config: 'configs',
  acl: 'acls',
  user: 'users',
  quota: 'quotas',
  token: 'tokens',
  transaction: 'transactions',
  partition: 'partitions',
  schema: 'schemas',
};

/** Verbs as shells say them, with ours in the order in which a noun may have them. */
const sameVerbs: Readonly<Record<string, readonly string[]>> = { ls: ['list'], rm: ['delete', 'remove'] };

/** The words with kt's own in place of those that mean the same: `topic ls` is `topics list`. */
function ownWords(list: readonly Registration[], words: readonly string[]): readonly string[] {
  const [noun = '', verb, ...rest] = words;
  const ours = sameNouns[noun] ?? noun;
  if (verb === undefined) return [ours];
  const verbs = sameVerbs[verb] ?? [];
  return [ours, verbs.find((each) => list.some(({ name }) => name === `${ours} ${each}`)) ?? verb, ...rest];
}

/** The command or group of these words, or undefined. */
export function find(list: readonly Registration[], words: readonly string[]): Found | undefined {
  return findExactly(list, words) ?? (words.length > 0 ? findExactly(list, ownWords(list, words)) : undefined);
}

function findExactly(list: readonly Registration[], words: readonly string[]): Found | undefined {
  const name = words.join(' ');
  const registration = list.find((entry) => entry.name === name || entry.aliases?.includes(name));
  if (registration) return { kind: 'command', registration };
  const commands = name === '' ? list : list.filter((entry) => entry.name.startsWith(`${name} `));
  return commands.length > 0 ? { kind: 'group', name, commands } : undefined;
}

/** The words that may come after `words`, hidden ones left out: nouns and single commands, or a noun's verbs. */
function nextWords(list: readonly Registration[], words: readonly string[]): readonly string[] {
  const names = list.filter((entry) => !entry.hidden).flatMap((entry) => [entry.name, ...(entry.aliases ?? [])]);
  const under = names.map((name) => name.split(' ')).filter((name) => words.every((word, index) => name[index] === word));
  return [...new Set(under.map((name) => name[words.length]).filter((word) => word !== undefined))];
}

/** The error for an unknown word, with the nearest known one. */
export function unknownCommand(list: readonly Registration[], words: readonly string[]): Error {
  const before = words.slice(0, -1);
  const typed = words.at(-1)!;
  const choices = nextWords(list, before);
  const near = nearest(typed, choices) ?? (typed.length > 1 ? choices.find((word) => word.startsWith(typed)) : undefined);
  const kt = ['kt', ...before].join(' ');
  return usageError(
    `unknown command ${words.join(' ')}`,
    near ? `did you mean ${kt} ${near}?` : `${kt} --help shows the commands`,
  );
}
