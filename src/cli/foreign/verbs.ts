/** Verbs that people try after a noun of kt's, where no table has the two words together: `acls add`, `schemas show`. */
import { find, type Registration } from '../catalog.ts';

const making = ['create', 'add', 'register', 'set', 'up'];
const showing = ['describe', 'show', 'get', 'list', 'status'];
const changing = ['alter', 'set', 'edit', 'use'];
const ending = ['delete', 'remove', 'expire', 'down'];

/** kt's verbs for one of another tool; the first that the noun has is meant. */
const verbs: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(['create', 'add', 'new', 'make', 'put'].map((verb) => [verb, making])),
  ...Object.fromEntries(['describe', 'show', 'get', 'info', 'view', 'inspect', 'print', 'dump'].map((verb) => [verb, showing])),
  ...Object.fromEntries(['alter', 'set', 'update', 'edit', 'change', 'modify', 'passwd'].map((verb) => [verb, changing])),
  ...Object.fromEntries(['delete', 'remove', 'rm', 'del', 'drop', 'destroy', 'purge'].map((verb) => [verb, ending])),
  switch: ['use'],
  select: ['use'],
  versions: ['list'],
};

/** The command that a noun of kt's and a verb of another tool's mean; undefined where kt has none. */
export function byVerb(list: readonly Registration[], [noun = '', verb = '']: readonly string[]): string | undefined {
  const known = find(list, [noun]);
  if (known?.kind !== 'group' || !Object.hasOwn(verbs, verb)) return undefined;
  for (const meant of verbs[verb]!) {
    const found = find(list, [noun, meant]);
    if (found?.kind === 'command') return found.registration.name;
  }
  return undefined;
}
