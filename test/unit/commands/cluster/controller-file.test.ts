/** A controller's own files say its id, where it listens, and the id of its metadata directory. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { directoryIdIn, listener, readControllerFile } from '../../../../src/commands/cluster/quorum/controller-file.ts';
import type { Context } from '../../../../src/context.ts';

const given: Partial<Context> = { cwd: '/', signal: new AbortController().signal };
const context = given as Context;

test('properties: the listeners of the controller as they are advertised, and the directory of the metadata', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kt-controller-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'controller.properties');
  const read = (text: string) => {
    writeFileSync(path, text);
    return readControllerFile(context, path);
  };
  const basics = 'process.roles=broker, controller\nnode.id=4\ncontroller.listener.names=CONTROLLER, Other\n';
  const listeners = 'listeners=PLAINTEXT://:9092,CONTROLLER://0.0.0.0:9093,OTHER://[::1]:9094\n';
  const found = await read(`${basics}${listeners}advertised.listeners=CONTROLLER://host4:9093\nlog.dirs=/a, /b\n`);
  assert.deepEqual(found, {
    controllerId: 4,
    metadataDirectory: '/a',
    listeners: [
      { name: 'CONTROLLER', host: 'host4', port: 9093 },
      { name: 'OTHER', host: '::1', port: 9094 },
    ],
  });
  assert.equal((await read(`${basics}listeners=CONTROLLER://h:1,OTHER://h:2\nmetadata.log.dir=/m`)).metadataDirectory, '/m');
  await assert.rejects(read(basics + listeners), /CONTROLLER:\/\/0\.0\.0\.0:9093 \(no host that others can reach\)/);
  await assert.rejects(read(`${basics}listeners=CONTROLLER://h:1`), /it has no listener OTHER/);
  await assert.rejects(read(basics.replace('broker, controller', 'broker')), /process\.roles does not say controller/);
  await assert.rejects(read(basics.replace('4', 'four')), /no node\.id/);
});

test('meta.properties: the id that formatting gave the directory', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kt-meta-'));
  t.after(() => rmSync(folder, { recursive: true }));
  await assert.rejects(directoryIdIn(context, folder), (error: Error & { hint: string }) => {
    assert.match(error.message, /meta\.properties \(no such file\)/);
    assert.match(error.hint, /--no-initial-controllers/);
    return true;
  });
  mkdirSync(join(folder, 'data'));
  const path = join(folder, 'data', 'meta.properties');
  writeFileSync(path, '#\nversion=1\nnode.id=4\n');
  await assert.rejects(directoryIdIn(context, join(folder, 'data')), /it has no directory\.id/);
  writeFileSync(path, '#\nversion=1\ndirectory.id=yIwsHvbKAMoo3yRA0DcNyQ\n');
  assert.equal(await directoryIdIn(context, join(folder, 'data')), 'yIwsHvbKAMoo3yRA0DcNyQ');
});

test('a listener has a name, a host that others can reach, and a port', () => {
  assert.deepEqual(listener('controller://10.0.0.4:9093'), { name: 'CONTROLLER', host: '10.0.0.4', port: 9093 });
  for (const wrong of ['host:9093', 'CONTROLLER://host', 'CONTROLLER://host:0', 'CONTROLLER://host:70000', 'C://::1:9093'])
    assert.throws(() => listener(wrong), { kind: 'usage', message: `${wrong} (not a listener)` });
  for (const wrong of ['CONTROLLER://:9093', 'CONTROLLER://[::]:9093', 'CONTROLLER://0.0.0.0:9093'])
    assert.throws(() => listener(wrong), /no host that others can reach/);
});
