import assert from 'node:assert/strict';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { localPlace } from '../../../src/local/place.ts';
import {
  type ClusterState,
  makeClusterDirectory,
  portOwners,
  portsOf,
  readState,
  statePath,
  writeState,
} from '../../../src/local/state.ts';
import { someName, someState } from './clusters.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'kt-state-'));

test('a state is read back as it was written, and nobody else can read its passwords', () => {
  const directory = join(folder(), someName());
  makeClusterDirectory(directory);
  const state = someState({ security: 'sasl_ssl' });
  writeState(directory, state);
  assert.deepEqual(readState(directory), state);
  assert.equal(statSync(statePath(directory)).mode & 0o777, 0o600);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
});

test('no folder is no cluster, and a broken state says which file to look at', () => {
  const directory = folder();
  assert.equal(readState(join(directory, 'absent')), undefined);
  writeFileSync(statePath(directory), '{"brokers":');
  assert.throws(() => readState(directory), { kind: 'usage', message: /state\.json cannot be read/ });
});

test('a port leads to the cluster that has it, but never to the one that asks', () => {
  const directory = folder();
  const name = someName();
  const state: ClusterState = { ...someState(), registry: { port: 8081, pid: 0 } };
  makeClusterDirectory(join(directory, name));
  writeState(join(directory, name), state);
  assert.deepEqual([...portOwners(directory, 'other').keys()].sort(), [29092, 29093, 8081, 9092]);
  assert.deepEqual(portOwners(directory, 'other').get(9092), { name, isUp: false });
  assert.equal(portOwners(directory, name).size, 0);
  assert.equal(portOwners(join(directory, 'absent'), 'other').size, 0);
  state.nodes[0]!.pid = process.pid;
  writeState(join(directory, name), state);
  assert.deepEqual(portOwners(directory, 'other').get(9092), { name, isUp: true });
});

test('the inner ports of containers are not ports of this machine', () => {
  assert.deepEqual(portsOf({ ...someState(), runtime: 'docker' }), [9092]);
});

test('the XDG folders say where clusters and jars are kept, a relative one is ignored', () => {
  assert.deepEqual(localPlace('ci', { XDG_DATA_HOME: '/data', XDG_CACHE_HOME: '/cache', JAVA_HOME: '/jdk' }), {
    name: 'ci',
    directory: '/data/kt/local',
    cacheDirectory: '/cache/kt',
    javaHome: '/jdk',
  });
  const fallback = localPlace('ci', { XDG_DATA_HOME: 'relative' });
  assert.match(fallback.directory, /\.local\/share\/kt\/local$/);
  assert.match(fallback.cacheDirectory, /\.cache\/kt$/);
});
