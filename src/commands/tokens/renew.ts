/** `kt tokens renew`: puts off the end of delegation tokens. */
import { option, variadicArgument } from '../../cli/define.ts';
import { finiteDuration } from '../../cli/options.ts';
import { command } from '../../context.ts';
import { renewToken, tokensNamed } from '../../core/tokens/token.ts';
import { changedTokenRows, changeTokens } from './shape.ts';

export const tokensRenew = command({
  name: 'tokens renew',
  summary: 'Renew delegation tokens',
  description:
    'Takes the ids of tokens, not their secrets: kt asks the cluster for those. A token’s owner and its renewers may renew it, never beyond its latest end.',
  args: { tokens: variadicArgument('token-id', 'id of a token, as kt tokens list shows it', true) },
  options: {
    period: option('--period <duration>', 'how long it lasts from now on', finiteDuration, {
      defaultText: "the brokers'",
    }),
  },
  shows: changedTokenRows('renewed or failed'),
  examples: [{ line: 'kt tokens renew 5lb9RMsfQzmMzrxd0ShO9Q --period 12h', does: 'let a token last another twelve hours' }],
  async run({ cluster }, { tokens }, { period }) {
    const connected = await cluster();
    const named = await tokensNamed(connected, tokens);
    return changeTokens(named, (token) => renewToken(connected, token, period), 'renewed');
  },
});
