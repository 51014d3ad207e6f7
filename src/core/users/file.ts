/** The section `users:` of files that say how a cluster is to be: reads it, with the line of each mistake, and writes it. Passwords are never in it. */
import { KtError } from '../../base/errors.ts';
import type { YamlItem, YamlNode, YamlReader } from '../../base/yaml-file.ts';
import { yamlScalar } from '../../base/yaml-scalar.ts';
import type { User } from './list.ts';
import { isScramMechanism, type ScramMechanism, scramMechanisms } from './scram.ts';

/** A user as a file wants it. */
export interface DesiredUser {
  readonly user: string;
  /** Those it has passwords for; undefined: any. */
  readonly mechanisms: readonly ScramMechanism[] | undefined;
  /** Where it is in the file, for errors: `access.yaml, line 4`. */
  readonly at: string;
}

const userKeys = ['name', 'mechanisms'];

/**
 * The users of one file.
 * @throws KtError `usage` with the line of the mistake
 */
export function readUsers(reader: YamlReader, section: YamlItem): readonly DesiredUser[] {
  return reader.list(section.node, 'users', 'write - name: … for each user').map((node) => readUser(reader, node));
}

function readUser(reader: YamlReader, node: YamlNode): DesiredUser {
  const items = reader.map(node, 'a user', userKeys);
  const named = items.get('name');
  if (!named) throw reader.error(node, 'a user has no name', 'write - name: alice');
  const mechanisms = items.get('mechanisms');
  return {
    user: readUserName(reader, named, 'name'),
    mechanisms: mechanisms && readMechanisms(reader, mechanisms),
    at: reader.at(named.key),
  };
}

/** A user's name, not its principal. @throws KtError `usage` with its line */
export function readUserName(reader: YamlReader, item: YamlItem, key: string): string {
  const name = reader.isBlank(item) ? '' : reader.text(item, key);
  if (name === '') throw reader.error(item.key, `${key} has no value`, `such as ${key}: alice`);
  if (!name.startsWith('User:')) return name;
  throw reader.error(item.key, `${key}: ${name} (a principal, not the name of a user)`, `write ${name.slice('User:'.length)}`);
}

function readMechanisms(reader: YamlReader, item: YamlItem): readonly ScramMechanism[] {
  const texts = reader.isBlank(item) ? [] : reader.texts(item, 'mechanisms');
  if (texts.length === 0) throw reader.error(item.key, 'mechanisms: there is none', 'name some, or leave the line out');
  return texts.map((text) => {
    if (isScramMechanism(text)) return text;
    throw reader.error(
      item.node ?? item.key,
      `mechanisms: ${text} (not one of ${scramMechanisms.join(', ')})`,
      `such as mechanisms: [${scramMechanisms.at(-1)}]`,
    );
  });
}

/**
 * The section's text.
 * @throws KtError `refused` for a mechanism newer than kt, which it could not read back
 */
export function usersText(users: readonly User[]): string {
  if (users.length === 0) return 'users: []\n';
  const entries = users.map(({ user, credentials }) => {
    const mechanisms = credentials.map(({ mechanism }) => mechanism);
    const unknown = mechanisms.find((mechanism) => !isScramMechanism(mechanism));
    if (unknown)
      throw new KtError('refused', `user ${user} not exported (kt does not know ${unknown})`, {
        hint: 'a newer kt may know it',
      });
    return `  - name: ${yamlScalar(user)}\n    mechanisms: [${mechanisms.join(', ')}]\n`;
  });
  return `users:\n${entries.join('')}`;
}
