/** `kt users set`: creates a user or changes the password, which comes from a file, stdin or the terminal, never from the command line. */
import { usageError } from '../../base/errors.ts';
import { argument, option } from '../../cli/define.ts';
import { choice, text, wholeNumber } from '../../cli/options.ts';
import { type Context, command } from '../../context.ts';
import { setUser } from '../../core/users/change.ts';
import { fewestIterations, mostIterations, scramMechanisms, usualMechanism } from '../../core/users/scram.ts';
import { namedText } from '../named-text.ts';
import { credentialRows } from './shape.ts';

const usualIterations = 8_192;

export const usersSet = command({
  name: 'users set',
  summary: 'Create a SCRAM user, or change the password',
  description:
    'The password is read from a file, from stdin, or asked for on the terminal without being shown; it is never an argument, where others could see it. What is sent is salted and hashed here (KIP-554). A user can have a password for each mechanism; the others stay as they are.',
  args: { user: argument('user', 'name of the user, without User: in front') },
  options: {
    mechanism: option('--mechanism <mechanism>', 'what the password is for', choice(scramMechanisms), {
      defaultText: usualMechanism,
    }),
    iterations: option('--iterations <n>', 'how many times the password is hashed', iterationCount, {
      defaultText: String(usualIterations),
    }),
    passwordFile: option('--password-file <file>', 'read the password from a file, or from stdin as -', text, {
      complete: 'file',
    }),
  },
  shows: credentialRows('created, changed (it had a password for this mechanism) or failed'),
  examples: [
    { line: 'kt users set alice', does: 'ask for the password of a user, and set it' },
    { line: 'kt users set alice --password-file alice.secret', does: 'set it from a file, in a script' },
    {
      line: 'openssl rand -base64 24 | tee alice.secret | kt users set alice --password-file -',
      does: 'set a random one and keep it',
    },
  ],
  async run(context, { user }, { mechanism = usualMechanism, iterations = usualIterations, passwordFile }) {
    const name = userName(user);
    const password =
      passwordFile === undefined ? await askedPassword(context, name) : await readPassword(context, passwordFile);
    return [await setUser(await context.cluster(), { user: name, mechanism, iterations, password })];
  },
});

/** @throws KtError `usage` for a principal: credentials belong to the name alone */
export function userName(value: string): string {
  if (value === '') throw usageError("user '' (empty)", 'give the name of the user');
  if (!value.startsWith('User:')) return value;
  throw usageError(`${value} (a principal, not the name of a user)`, `write ${value.slice('User:'.length)}`);
}

function iterationCount(value: string): number {
  const count = wholeNumber(value);
  if (count >= fewestIterations && count <= mostIterations) return count;
  throw usageError(`${value} (not from ${fewestIterations} to ${mostIterations})`, 'brokers take no fewer and no more');
}

/** The first line, so that an editor's newline is not part of the password. */
async function readPassword(context: Context, file: string): Promise<string> {
  const content = (await namedText(context, file)).replace(/\r?\n$/, '');
  const where = file === '-' ? 'stdin' : file;
  if (content === '') throw usageError(`the password in ${where} (empty)`, 'write it on one line');
  if (/[\r\n]/.test(content)) throw usageError(`the password in ${where} (more than one line)`, 'write it on one line');
  return content;
}

async function askedPassword({ askSecret }: Context, user: string): Promise<string> {
  const password = await askSecret(`Password of ${user}`);
  if (password === '') throw usageError('the password (empty)', 'nothing was changed; run it again');
  if ((await askSecret('The same again')) !== password)
    throw usageError('the passwords (they differ)', 'nothing was changed; run it again');
  return password;
}
