/** `kt users list`: who has SCRAM credentials, and which. */
import { variadicArgument } from '../../cli/define.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type Credential, listUsers, type User, type Users } from '../../core/users/list.ts';

interface Row extends Partial<Credential>, Pick<User, 'user'> {}

const shows: TableShape<Users> = {
  kind: 'table',
  blocks: ({ users }) => [
    {
      columns: [
        { header: 'USER', get: ({ user }: Row) => user, tone: () => 'strong' },
        { header: 'MECHANISM', get: ({ mechanism }: Row) => mechanism },
        { header: 'ITERATIONS', get: ({ iterations }: Row) => iterations },
      ],
      rows: users.flatMap(({ user, credentials }): readonly Row[] =>
        credentials.length === 0 ? [{ user }] : credentials.map((credential) => ({ user, ...credential })),
      ),
    },
  ],
  names: ({ users }) => users.map(({ user }) => user),
  json: ({ users }) => users,
  problems: ({ problems }) => problems,
  fields: {
    user: 'name of the user',
    'credentials[].mechanism': 'SCRAM-SHA-256 or SCRAM-SHA-512',
    'credentials[].iterations': 'how many times the password is hashed',
  },
};

export const usersList = command({
  name: 'users list',
  summary: 'List the users with SCRAM passwords',
  description:
    'Shows the users that the cluster itself knows. Those of PLAIN, of client certificates, of OAuth and of Kerberos are not among them: brokers learn of them elsewhere.',
  args: { users: variadicArgument('user', 'only these users', false) },
  options: {},
  shows,
  examples: [
    { line: 'kt users list', does: 'list all users' },
    { line: 'kt users list alice', does: 'check that a user exists; exit 3 if not' },
  ],
  async run({ cluster }, { users }) {
    return listUsers(await cluster(), users);
  },
});
