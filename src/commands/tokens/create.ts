/** `kt tokens create`: a delegation token, whose secret goes into a file of its own, or to stdout when asked. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { usageError } from '../../base/errors.ts';
import { flag, option, repeatable } from '../../cli/define.ts';
import { finiteDuration, text } from '../../cli/options.ts';
import { command } from '../../context.ts';
import { createToken, type SecretToken } from '../../core/tokens/token.ts';
import { principalName } from '../acls/words.ts';
import { tokenRow, tokenRows } from './shape.ts';

export const tokensCreate = command({
  name: 'tokens create',
  summary: 'Create a delegation token',
  description:
    'Whoever has the token’s HMAC can sign in as its owner: SCRAM with the token id as user name, the HMAC as password, and tokenauth=true. It is written to a new file that only you can read, or printed when you ask for that; it is shown nowhere else.',
  args: {},
  options: {
    owner: option('--owner <principal>', 'the principal that the token acts as', principalName, { defaultText: 'who asks' }),
    renewer: repeatable('--renewer <principal>', 'who may renew it besides the owner', principalName),
    maxLifetime: option('--max-lifetime <duration>', 'when it ends, however often it is renewed', finiteDuration, {
      defaultText: "the brokers'",
    }),
    hmacFile: option('--hmac-file <file>', 'write the HMAC, in base64, to this new file', text, { complete: 'file' }),
    printHmac: flag('--print-hmac', 'print the HMAC, in base64, with the token'),
  },
  shows: tokenRows({ status: 'created', hmac: 'the secret, in base64; only with --print-hmac' }),
  examples: [
    {
      line: 'kt tokens create --hmac-file job.token --renewer User:scheduler',
      does: 'make a token for a job that another user renews',
    },
    { line: 'kt tokens create --max-lifetime 1h --print-hmac -o json', does: 'make a token for an hour and print its secret' },
  ],
  async run({ cluster, cwd }, _, { owner, renewer, maxLifetime, hmacFile, printHmac }) {
    if (hmacFile === undefined && !printHmac)
      throw usageError('tokens create (nowhere to put the HMAC)', 'add --hmac-file FILE, or --print-hmac');
    const request = { owner, renewers: renewer, maxLifetimeMs: maxLifetime };
    const create = async (): Promise<SecretToken> => createToken(await cluster(), request);
    const token = hmacFile === undefined ? await create() : await intoFile(resolve(cwd, hmacFile), create);
    return [tokenRow(token, 'created', printHmac)];
  },
});

/**
 * Opens the file first: a token whose secret cannot be kept is of no use.
 * @throws KtError `usage` when the file cannot be made, or is there already
 */
async function intoFile(path: string, create: () => Promise<SecretToken>): Promise<SecretToken> {
  const file = openNew(path);
  try {
    const token = await create();
    writeSync(file, `${token.hmac.toString('base64')}\n`);
    return token;
  } catch (error) {
    rmSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw usageError(`${path} (it exists)`, 'a secret is written only to a new file: name another one');
    throw usageError(`${path} (${code})`, 'check the path and its permissions');
  }
}
