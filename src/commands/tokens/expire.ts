/** `kt tokens expire`: ends delegation tokens, now or in a while. */
import { KtError } from '../../base/errors.ts';
import { option, variadicArgument } from '../../cli/define.ts';
import { finiteDuration } from '../../cli/options.ts';
import { command } from '../../context.ts';
import { expireToken, tokensNamed } from '../../core/tokens/token.ts';
import { changedTokenRows, changeTokens } from './shape.ts';

export const tokensExpire = command({
  name: 'tokens expire',
  summary: 'End delegation tokens',
  description:
    'Takes the ids of tokens, not their secrets: kt asks the cluster for those. Asks first; without a terminal, add --yes. Connections that signed in with the token stay open until they authenticate again.',
  args: { tokens: variadicArgument('token-id', 'id of a token, as kt tokens list shows it', true) },
  options: {
    after: option('--after <duration>', 'end them after this time, not now', finiteDuration, { defaultText: 'at once' }),
  },
  shows: changedTokenRows('expired (it has ended, or ends at expiryTime) or failed'),
  examples: [
    { line: 'kt tokens expire 5lb9RMsfQzmMzrxd0ShO9Q', does: 'end a token, after a confirmation' },
    { line: 'kt tokens expire 5lb9RMsfQzmMzrxd0ShO9Q --after 1h --yes', does: 'let it end in an hour' },
  ],
  async run({ cluster, confirm, note }, { tokens }, { after }) {
    const connected = await cluster();
    const named = await tokensNamed(connected, tokens);
    const there = [...named.values()].flatMap((token) => (token instanceof KtError ? [] : [token]));
    for (const { tokenId, owner } of there) note(`${tokenId}: ${owner}`);
    if (there.length > 0)
      await confirm(`End ${there.length === 1 ? 'this token' : `these ${there.length} tokens`}`, {
        count: there.length,
        byPattern: false,
      });
    return changeTokens(named, (token) => expireToken(connected, token, after), 'expired');
  },
});
