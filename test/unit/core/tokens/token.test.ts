/** A token is made, found by its id and ended, without anybody typing its secret. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { createToken, expireToken, renewToken, tokensNamed } from '../../../../src/core/tokens/token.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

const hmac = Buffer.from('secret');
const wire = {
  ...{ tokenId: 'id', principalType: 'User', principalName: 'alice', hmac },
  ...{ tokenRequesterPrincipalType: 'User', tokenRequesterPrincipalName: 'admin' },
};

/** Its broker shows each new end of the token only when asked once more. */
function cluster(errorCode = 0) {
  let [shown, known] = [2n, 2n];
  const ending = (at: bigint) => {
    known = at;
    return { errorCode, expiryTimestampMs: at };
  };
  return fakeCluster({
    answers: {
      CreateDelegationToken: () => ({
        ...{ ...wire, errorCode, issueTimestampMs: 1n, expiryTimestampMs: 2n, maxTimestampMs: 3n },
      }),
      DescribeDelegationToken: () => {
        const expiryTimestamp = shown;
        shown = known;
        return { errorCode, tokens: [{ ...wire, issueTimestamp: 1n, expiryTimestamp, maxTimestamp: 3n, renewers: [] }] };
      },
      RenewDelegationToken: () => ending(9n),
      ExpireDelegationToken: () => ending(0n),
    },
  });
}

test('creating names owner, renewers and the longest life; renewing and ending send the secret that the cluster told', async () => {
  const asked = cluster();
  const token = await createToken(asked, { owner: 'User:alice', renewers: ['User:a:b'], maxLifetimeMs: 60_000 });
  assert.deepEqual([token.owner, token.requester, token.hmac], ['User:alice', 'User:admin', hmac]);
  assert.deepEqual(asked.sent[0]!.body, {
    renewers: [{ principalType: 'User', principalName: 'a:b' }],
    maxLifetimeMs: 60_000n,
    ...{ ownerPrincipalType: 'User', ownerPrincipalName: 'alice' },
  });
  const [[id, found] = [], ...others] = await tokensNamed(asked, ['id', 'id']);
  assert.ok(id === 'id' && found && !(found instanceof Error));
  assert.deepEqual(others, []);
  assert.equal((await renewToken(asked, found)).expiryTime, 9);
  assert.equal((await expireToken(asked, found, 5_000)).expiryTime, 0);
  assert.deepEqual(
    asked.sent.filter(({ api }) => /^(Renew|Expire)/.test(api)).map(({ body }) => body),
    [
      { hmac, renewPeriodMs: -1n },
      { hmac, expiryTimePeriodMs: 5_000n },
    ],
  );
});

test('a new token and its new ends are told once the broker shows them, so that the next command finds them', async () => {
  const asked = cluster();
  const asking = () => asked.sent.filter(({ api }) => api === 'DescribeDelegationToken').length;
  const token = await createToken(asked, { renewers: [] });
  assert.equal(asking(), 1);
  await renewToken(asked, token);
  assert.equal(asking(), 3);
  await createToken(asked, { owner: 'User:bob', renewers: [] });
  assert.equal(asking(), 3);
});

test('an unknown id, and brokers that make no tokens, say what to do', async () => {
  const other = (await tokensNamed(cluster(), ['id', 'other'])).get('other');
  assert.ok(other instanceof KtError && other.code === 'DELEGATION_TOKEN_NOT_FOUND');
  await assert.rejects(createToken(cluster(61), { renewers: [] }), /the brokers make no tokens/);
});
