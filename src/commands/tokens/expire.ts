/** `kt tokens expire`: ends delegation tokens, now or in a while. */
import { option, variadicArgument } from '../../cli/define.ts';
import { finiteDuration } from '../../cli/options.ts';
import { command } from '../../context.ts';
import { expireToken, tokensNamed } from '../../core/tokens/token.ts';
import { tokenRow, tokenRows } from './shape.ts';

export const tokensExpire = command({
  name: 'tokens expire',
  summary: 'End delegation tokens',
  description:
    'Takes the ids of tokens, not their secrets: kt asks the cluster for those. Asks first; without a terminal, add --yes. Connections that signed in with the token stay open until they authenticate again.',
  args: { tokens: variadicArgument('token-id', 'id of a token, as kt tokens list shows it', true) },
  options: {
    after: option('--after <duration>', 'end them after this time, not now', finiteDuration, { defaultText: 'at once' }),
  },
  shows: tokenRows({ status: 'expired: it has ended, or ends at expiryTime' }),
  examples: [
    { line: 'kt tokens expire 5lb9RMsfQzmMzrxd0ShO9Q', does: 'end a token, after a confirmation' },
    { line: 'kt tokens expire 5lb9RMsfQzmMzrxd0ShO9Q --after 1h --yes', does: 'let it end in an hour' },
  ],
  async run({ cluster, confirm, note }, { tokens }, { after }) {
    const connected = await cluster();
    const named = await tokensNamed(connected, tokens);
    for (const { tokenId, owner } of named) note(`${tokenId}: ${owner}`);
    await confirm(`End ${named.length === 1 ? 'this token' : `these ${named.length} tokens`}`, {
      count: named.length,
      byPattern: false,
    });
    return Promise.all(named.map(async (token) => tokenRow(await expireToken(connected, token, after), 'expired')));
  },
});
