/** Several tokens in one command: each has its outcome, and one that fails does not hide the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokensExpire } from '../../../../src/commands/tokens/expire.ts';
import { tokensRenew } from '../../../../src/commands/tokens/renew.ts';
import type { Context } from '../../../../src/context.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

/** Tokens `mine` and `theirs`, of which only the first may be changed; questions are answered with yes, and kept. */
function world() {
  const questions: [string, number | undefined][] = [];
  const token = (tokenId: string) => ({
    ...{ tokenId, principalType: 'User', principalName: 'alice', hmac: Buffer.from(tokenId), renewers: [] },
    ...{ tokenRequesterPrincipalType: '', tokenRequesterPrincipalName: '' },
    ...{ issueTimestamp: 1n, expiryTimestamp: 9n, maxTimestamp: 9n },
  });
  const answer = ({ hmac }: { readonly hmac: Buffer }) => ({
    errorCode: hmac.toString() === 'mine' ? 0 : 63,
    expiryTimestampMs: 9n,
  });
  const cluster = fakeCluster({
    answers: {
      DescribeDelegationToken: () => ({ errorCode: 0, tokens: [token('mine'), token('theirs')] }),
      RenewDelegationToken: answer,
      ExpireDelegationToken: answer,
    },
  });
  const context: Partial<Context> = {
    cluster: async () => cluster,
    note: () => undefined,
    confirm: async (question, stake) => void questions.push([question, stake?.count]),
  };
  return { context: context as Context, questions };
}

const ids = { tokens: ['mine', 'gone', 'theirs', 'mine'] };

test('renewing: the one that may be renewed is, the others say why not', async () => {
  const rows = await tokensRenew.run(world().context, ids, { period: undefined });
  assert.deepEqual(
    rows.map(({ tokenId, owner, status, error }) => [tokenId, owner, status, error?.code]),
    [
      ['mine', 'User:alice', 'renewed', undefined],
      ['gone', undefined, 'failed', 'DELEGATION_TOKEN_NOT_FOUND'],
      ['theirs', 'User:alice', 'failed', 'DELEGATION_TOKEN_OWNER_MISMATCH'],
    ],
  );
  assert.ok(rows.every((row) => row.hmac === undefined));
});

test('ending: the question counts those that there are; there is none for nothing', async () => {
  const { context, questions } = world();
  const rows = await tokensExpire.run(context, ids, { after: undefined });
  assert.deepEqual(
    rows.map(({ status }) => status),
    ['expired', 'failed', 'failed'],
  );
  assert.deepEqual(questions, [['End these 2 tokens', 2]]);
  assert.equal((await tokensExpire.run(context, { tokens: ['gone'] }, { after: undefined }))[0]!.status, 'failed');
  assert.equal(questions.length, 1);
});
