/** Commands that wait for a cluster: what they wait for, and what no waiting cures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import { clusterWithin, Waiting } from '../../../src/commands/waiting.ts';
import type { Context } from '../../../src/context.ts';
import type { Cluster } from '../../../src/kafka/cluster.ts';

/** How often the cluster is asked for, when it fails once with this code and is there afterwards. */
async function attempts(code: string, message = 'no connection to kafka:9093'): Promise<number> {
  let asked = 0;
  const context = {
    cluster: async () => {
      if (++asked === 1) throw new KtError('connection', message, { code });
      return {} as Cluster;
    },
    progress: () => ({ update() {}, stop() {} }),
    terminal: { stderr: true },
    signal: new AbortController().signal,
  } as unknown as Context;
  const waiting = new Waiting(context, 'waiting');
  await clusterWithin(context, performance.now() + 50, waiting).catch((error) => assert.equal(error.code, code));
  return asked;
}

test('what waiting does not cure ends it at once', async () => {
  const forGood = [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'EPROTO',
    'ILLEGAL_SASL_STATE',
    'UNSUPPORTED_SASL_MECHANISM',
    'SASL_AUTHENTICATION_FAILED',
  ];
  for (const code of forGood) assert.equal(await attempts(code), 1, code);
});

test('a cluster that is not up yet is waited for', async () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'REQUEST_TIMED_OUT', 'NETWORK_EXCEPTION'])
    assert.equal(await attempts(code), 2, code);
});
