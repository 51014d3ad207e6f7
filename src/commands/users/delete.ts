/** `kt users delete`: the SCRAM passwords of a user, shown and confirmed. */
import { KtError } from '../../base/errors.ts';
import { argument, flag, option } from '../../cli/define.ts';
import { choice } from '../../cli/options.ts';
import { command } from '../../context.ts';
import { deleteCredentials, type UserOutcome } from '../../core/users/change.ts';
import { listUsers } from '../../core/users/list.ts';
import { isScramMechanism, scramMechanisms } from '../../core/users/scram.ts';
import { userName } from './set.ts';
import { credentialRows } from './shape.ts';

export const usersDelete = command({
  name: 'users delete',
  summary: 'Delete a SCRAM user, or the password for one mechanism',
  description:
    'Asks first; without a terminal, add --yes. Open connections stay open until they authenticate again. Rules and quotas of the user stay: kt acls delete and kt quotas delete remove them.',
  args: { user: argument('user', 'name of the user, without User: in front') },
  options: {
    mechanism: option('--mechanism <mechanism>', 'delete only the password for this', choice(scramMechanisms)),
    dryRun: flag('--dry-run', 'show what would be deleted, and delete nothing'),
  },
  shows: credentialRows('deleted, valid (with --dry-run: would be deleted) or failed'),
  examples: [
    { line: 'kt users delete alice', does: 'delete a user, after a confirmation' },
    { line: 'kt users delete alice --mechanism SCRAM-SHA-256 --yes', does: 'delete one of its passwords in a script' },
  ],
  async run({ cluster, confirm }, { user }, { mechanism, dryRun }): Promise<readonly UserOutcome[]> {
    const name = userName(user);
    const connected = await cluster();
    const { users, problems } = await listUsers(connected, [name]);
    if (problems[0]) throw problems[0];
    const credentials = users[0]!.credentials.flatMap(({ mechanism: own, iterations }) =>
      isScramMechanism(own) && (mechanism ?? own) === own ? [{ mechanism: own, iterations }] : [],
    );
    if (credentials.length === 0)
      throw new KtError('refused', `user ${name} (it has no password for ${mechanism ?? scramMechanisms.join(' or ')})`, {
        code: 'RESOURCE_NOT_FOUND',
        hint: 'kt users list shows the mechanisms of each user',
      });
    if (dryRun) return deleteCredentials(connected, name, credentials, true);
    const what = credentials.map((each) => each.mechanism).join(' and ');
    await confirm(`Delete the ${what} password${credentials.length === 1 ? '' : 's'} of user ${name}`, {
      count: credentials.length,
      byPattern: false,
    });
    return deleteCredentials(connected, name, credentials, false);
  },
});
