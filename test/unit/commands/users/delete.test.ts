/** Only passwords that kt can name to brokers are deleted; where there is none, the error says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usersDelete } from '../../../../src/commands/users/delete.ts';
import type { Context } from '../../../../src/context.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

/** A user whose credentials have these of the protocol's mechanisms. */
function context(...mechanisms: readonly number[]): Context {
  const credentialInfos = mechanisms.map((mechanism) => ({ mechanism, iterations: 4_096 }));
  const cluster = fakeCluster({
    answers: {
      DescribeUserScramCredentials: () => ({
        ...{ errorCode: 0, errorMessage: null },
        results: [{ user: 'alice', errorCode: 0, errorMessage: null, credentialInfos }],
      }),
    },
  });
  const given: Partial<Context> = { cluster: async () => cluster };
  return given as Context;
}

const options = { mechanism: undefined, dryRun: true };

test('all passwords of a user are meant, or the one that is named', async () => {
  const user = { user: 'alice' };
  const both = await usersDelete.run(context(1, 2), user, options);
  assert.deepEqual(
    both.map(({ mechanism, status }) => [mechanism, status]),
    [
      ['SCRAM-SHA-256', 'valid'],
      ['SCRAM-SHA-512', 'valid'],
    ],
  );
  const one = await usersDelete.run(context(1, 2), user, { ...options, mechanism: 'SCRAM-SHA-256' });
  assert.deepEqual(one, [{ user: 'alice', mechanism: 'SCRAM-SHA-256', iterations: 4_096, status: 'valid' }]);
});

test('a user without a password that could be deleted is an error that names the mechanisms', async () => {
  const deletion = (mechanism?: 'SCRAM-SHA-256') => usersDelete.run(context(9), { user: 'alice' }, { ...options, mechanism });
  await assert.rejects(async () => deletion(), /no password for SCRAM-SHA-256 or SCRAM-SHA-512\)/);
  await assert.rejects(async () => deletion('SCRAM-SHA-256'), /no password for SCRAM-SHA-256\)/);
});
