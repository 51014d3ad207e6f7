/** `kt tokens list`: the delegation tokens that this user may see. */
import { repeatable } from '../../cli/define.ts';
import { command } from '../../context.ts';
import { listTokens } from '../../core/tokens/token.ts';
import { principalName } from '../acls/words.ts';
import { tokenRow, tokenRows } from './shape.ts';

export const tokensList = command({
  name: 'tokens list',
  summary: 'List delegation tokens',
  description:
    'A user sees its own tokens, those it may renew, and others with DESCRIBE on the token or DESCRIBE_TOKENS on their owner.',
  args: {},
  options: { owner: repeatable('--owner <principal>', 'only tokens of this owner', principalName) },
  shows: tokenRows(),
  examples: [
    { line: 'kt tokens list', does: 'list the tokens and when they end' },
    { line: 'kt tokens list --owner User:alice', does: 'list those of a user' },
  ],
  async run({ cluster }, _, { owner }) {
    return (await listTokens(await cluster(), owner)).map((token) => tokenRow(token));
  },
});
