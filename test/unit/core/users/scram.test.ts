/** What kt sends instead of a password is what RFC 5802 and RFC 7677 say. */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { mechanismOf, saltedPassword } from '../../../../src/core/users/scram.ts';

test('the example of RFC 7677 gives its proof', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  const { saltedPassword: salted } = await saltedPassword('SCRAM-SHA-256', 'pencil', 4096, salt);
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const clientKey = hmac(salted, 'Client Key');
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  const message = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=${nonce}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString('base64');
  assert.equal(proof, 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=');
});

test('the same password twice has two salts', async () => {
  const [one, two] = await Promise.all([1, 2].map(() => saltedPassword('SCRAM-SHA-512', 'secret', 4096)));
  assert.notDeepEqual(one!.salt, two!.salt);
  assert.equal(one!.saltedPassword.length, 64);
});

test('a mechanism newer than kt has its number', () => {
  assert.deepEqual([1, 2, 3].map(mechanismOf), ['SCRAM-SHA-256', 'SCRAM-SHA-512', 'UNKNOWN_3']);
});
