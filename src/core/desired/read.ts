/** Files that say how a cluster is to be: each section is read by the room that it is about. */
import { KtError } from '../../base/errors.ts';
import { parseYaml, YamlReader } from '../../base/yaml-file.ts';
import { readAcls } from '../acls/file.ts';
import type { AclRule } from '../acls/rule.ts';
import { entityKey, entityText } from '../quotas/entity.ts';
import { type DesiredQuotas, readQuotas } from '../quotas/file.ts';
import { type DesiredTopic, readTopics } from '../topics/file.ts';
import { type DesiredUser, readUsers } from '../users/file.ts';

/** What files can say something about, in the order in which it is shown. */
export const sections = ['topics', 'acls', 'users', 'quotas'] as const;
export type Section = (typeof sections)[number];

/** What files want. A section that is in no file is undefined: nothing of the kind is looked at. */
export interface Desired {
  readonly topics?: readonly DesiredTopic[];
  readonly acls?: readonly AclRule[];
  readonly users?: readonly DesiredUser[];
  readonly quotas?: readonly DesiredQuotas[];
}

/**
 * Reads one file.
 * @param path its name in errors
 * @throws KtError `usage` with the line of the mistake
 */
export async function readDesired(text: string, path: string): Promise<Desired> {
  const reader = new YamlReader(path, await parseYaml(text, path));
  const root = reader.map(reader.root, 'the file', sections);
  if (root.size === 0)
    throw reader.error(
      reader.root,
      'there is no list of topics, acls, users or quotas',
      'begin the file with topics: and a list of - name: …',
    );
  const [topics, acls, users, quotas] = sections.map((section) => root.get(section));
  return {
    ...(topics && { topics: readTopics(reader, topics) }),
    ...(acls && { acls: readAcls(reader, acls) }),
    ...(users && { users: readUsers(reader, users) }),
    ...(quotas && { quotas: readQuotas(reader, quotas) }),
  };
}

/**
 * What all files want together.
 * @throws KtError `usage` for a topic, a user, or an entity with quotas that is in them twice; the same rule twice is no contradiction
 */
export function joined(files: readonly Desired[]): Desired {
  const all = <S extends Section>(section: S): NonNullable<Desired[S]>[number][] | undefined => {
    const lists = files.flatMap((file) => (file[section] ? [file[section]] : []));
    return lists.length > 0 ? (lists.flat() as NonNullable<Desired[S]>[number][]) : undefined;
  };
  const [topics, acls, users, quotas] = [all('topics'), all('acls'), all('users'), all('quotas')];
  refuseTwice(topics ?? [], ({ topic }) => `topic ${topic}`);
  refuseTwice(users ?? [], ({ user }) => `user ${user}`);
  refuseTwice(
    quotas ?? [],
    ({ entity }) => `quotas of ${entityText(entity)}`,
    ({ entity }) => entityKey(entity),
  );
  return { ...(topics && { topics }), ...(acls && { acls }), ...(users && { users }), ...(quotas && { quotas }) };
}

function refuseTwice<T extends { readonly at: string }>(
  items: readonly T[],
  textOf: (item: T) => string,
  keyOf = textOf,
): void {
  const seen = new Map<string, T>();
  for (const item of items) {
    const other = seen.get(keyOf(item));
    if (other)
      throw new KtError('usage', `${item.at}: ${textOf(item)} is already at ${other.at}`, {
        hint: 'leave one of them out',
      });
    seen.set(keyOf(item), item);
  }
}
