import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import { checkSpec, difference, type LocalSpec, newSettings, versionAtLeast } from '../../../src/local/spec.ts';

const place = { name: 'default', directory: '/data', cacheDirectory: '/cache' };

test('without settings a cluster is one plaintext broker of the newest Kafka', () => {
  assert.deepEqual(newSettings(place), {
    brokers: 1,
    kafkaVersion: '4.3.1',
    security: 'plaintext',
    listeners: ['PLAINTEXT'],
    serverConfig: {},
  });
  assert.deepEqual(newSettings({ ...place, security: 'sasl_ssl' }).listeners, ['SASL_SSL']);
});

const wrong: readonly [Partial<LocalSpec>, RegExp][] = [
  [{ name: '../etc' }, /--name "\.\.\/etc" \(not a cluster name\)/],
  [{ name: '' }, /--name "" \(not a cluster name\)/],
  [{ brokers: 10 }, /--brokers 10 \(a local cluster has 1 to 9\)/],
  [{ kafkaVersion: 'latest' }, /--kafka-version "latest" \(not a release\)/],
  [{ kafkaVersion: '3.6.2' }, /--kafka-version 3\.6\.2 \(older than 3\.7\.0\)/],
  [{ port: 65536 }, /--port 65536 \(beyond the last port, 65535\)/],
  [{ port: 65534, brokers: 3 }, /--port 65534/],
  [{ listeners: [] }, /without listeners/],
];
for (const [spec, message] of wrong) {
  test(`${JSON.stringify(spec)} is a usage error that says why`, () => {
    assert.throws(
      () => checkSpec({ ...place, ...spec }),
      (error: unknown) => error instanceof KtError && error.kind === 'usage' && message.test(error.message) && !!error.hint,
    );
  });
}

test('versions compare as numbers, not as texts', () => {
  assert.equal(versionAtLeast('3.10.0', 3, 7), true);
  assert.equal(versionAtLeast('3.7.0', 4, 0), false);
  assert.equal(versionAtLeast('4.0.0', 3, 7), true);
});

test('only a setting that was asked for can differ from the kept cluster', () => {
  const kept = { ...newSettings({ ...place, brokers: 3 }), runtime: 'java' as const };
  assert.equal(difference(place, kept), undefined);
  assert.equal(difference({ ...place, brokers: 3, runtime: 'auto' }, kept), undefined);
  assert.equal(difference({ ...place, brokers: 1 }, kept), '--brokers 3, not 1');
  assert.equal(difference({ ...place, kafkaVersion: '3.7.0' }, kept), '--kafka-version 4.3.1, not 3.7.0');
  assert.equal(difference({ ...place, runtime: 'docker' }, kept), '--runtime java, not docker');
  assert.match(difference({ ...place, serverConfig: { 'num.io.threads': '2' } }, kept) ?? '', /^server configs/);
});
