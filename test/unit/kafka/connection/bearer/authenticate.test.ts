/** The exchange of OAUTHBEARER (RFC 7628), byte by byte, and what becomes of a refusal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticateWithToken } from '../../../../../src/kafka/connection/bearer/authenticate.ts';
import { loginOf } from '../../../../../src/kafka/connection/login.ts';

/** A broker that gives these answers, and keeps what it was sent. */
function broker(...answers: readonly (string | Error)[]) {
  const sent: string[] = [];
  const exchange = async (message: Buffer) => {
    sent.push(message.toString());
    const answer = answers[sent.length - 1]!;
    if (answer instanceof Error) throw answer;
    return Buffer.from(answer);
  };
  return { sent, exchange };
}

let forgotten = 0;
const tokensOf = (token: string) => ({ current: async () => token, forget: () => void forgotten++ });

test('the token and its extensions are sent at once', async () => {
  const plain = broker('');
  await authenticateWithToken(plain.exchange, tokensOf('abc.def'), {});
  assert.deepEqual(plain.sent, ['n,,\x01auth=Bearer abc.def\x01\x01']);
  const extended = broker('');
  await authenticateWithToken(extended.exchange, tokensOf('abc'), { logicalCluster: 'lkc-1', identityPoolId: 'p' });
  assert.deepEqual(extended.sent, ['n,,\x01auth=Bearer abc\x01logicalCluster=lkc-1\x01identityPoolId=p\x01\x01']);
});

test('a refusal is answered, so that the broker says why, and told with what the token says of itself', async () => {
  const claims = Buffer.from(JSON.stringify({ iss: 'https://i', aud: ['a', 'b'], sub: 'me', exp: 4e9 })).toString('base64url');
  const refused = Object.assign(new Error('{"status":"invalid_token"}'), { type: 'SASL_AUTHENTICATION_FAILED' });
  const { sent, exchange } = broker('{"status":"invalid_token"}', refused);
  await assert.rejects(authenticateWithToken(exchange, tokensOf(`e30.${claims}.c2ln`), {}), {
    type: 'SASL_AUTHENTICATION_FAILED',
    message:
      'invalid_token; its token has issuer https://i, audience a b, subject me, no scope, valid until 2096-10-02T07:06:40.000Z',
  });
  assert.equal(sent[1], '\x01');
  assert.equal(forgotten, 1, 'the token is not used again');
  await assert.rejects(authenticateWithToken(broker(refused).exchange, tokensOf('opaque'), {}), {
    message: 'invalid_token; its token is no JWT',
  });
});

test('AWS_MSK_IAM is OAUTHBEARER on the wire', () => {
  const settings = { bootstrapServers: [], clientId: 'kt', timeoutMs: 1, addressMap: new Map() };
  const source = { kind: 'token', token: 'abc' } as const;
  assert.equal(loginOf({ mechanism: 'AWS_MSK_IAM', source, extensions: {} }, settings).mechanism, 'OAUTHBEARER');
});
