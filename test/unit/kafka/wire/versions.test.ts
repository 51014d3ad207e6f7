/** Stories of which version of an API kt and a broker speak. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { versionRanges } from '../../../../src/kafka/wire/generated/descriptors.ts';
import { apiKeyOf, negotiate } from '../../../../src/kafka/wire/versions.ts';

const metadata = apiKeyOf('Metadata');
const [oldest, newest] = versionRanges.Metadata;
const broker = (minVersion: number, maxVersion: number) => ({ [metadata]: { minVersion, maxVersion } });

test('the newest version that both sides know is spoken', () => {
  assert.equal(negotiate('Metadata', broker(0, newest + 5)), newest);
  assert.equal(negotiate('Metadata', broker(0, 4)), 4);
  assert.equal(negotiate('Metadata', broker(oldest, oldest)), oldest);
});

test('a caller can hold the version down, but not below what the broker still speaks', () => {
  assert.equal(negotiate('Metadata', broker(0, newest), 3), 3);
  assert.equal(negotiate('Metadata', broker(5, newest), 3), undefined);
});

test('a broker that is too new, too old or without the API has no version', () => {
  assert.equal(negotiate('Metadata', broker(newest + 1, newest + 2)), undefined);
  assert.equal(
    negotiate('Fetch', { [apiKeyOf('Fetch')]: { minVersion: 0, maxVersion: versionRanges.Fetch[0] - 1 } }),
    undefined,
  );
  assert.equal(negotiate('Metadata', {}), undefined);
});

test('an unstable newest version is not used: InitProducerId v6 in Kafka 4.3', () => {
  assert.equal(negotiate('InitProducerId', { [apiKeyOf('InitProducerId')]: { minVersion: 0, maxVersion: 6 } }), 5);
});
