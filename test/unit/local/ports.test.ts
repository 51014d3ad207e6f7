import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import { assignPorts, assignRegistryPort, onFreePorts } from '../../../src/local/assign-ports.ts';
import type { Handle } from '../../../src/local/handle.ts';
import { freePorts, requireFree } from '../../../src/local/ports.ts';
import { newState } from '../../../src/local/prepare.ts';
import type { Runtime } from '../../../src/local/runtime.ts';
import type { LocalSpec } from '../../../src/local/spec.ts';
import { makeClusterDirectory, portsOf, readState, writeState } from '../../../src/local/state.ts';
import { isBusyPort } from '../../../src/local/waiting.ts';
import { someName, someState } from './clusters.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'kt-ports-'));

/** Listens until the test ends; its port. */
async function listening(t: TestContext, port = 0): Promise<number> {
  const server: Server = createServer().listen(port, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

/** A new cluster in the folder, as `kt local up` works with it: on Java, without the Java. */
function someCluster(directory: string, spec: Partial<LocalSpec> = {}): Handle {
  const place = { name: someName(), directory, cacheDirectory: directory };
  const runtime: Pick<Runtime, 'internal'> = {
    async internal(ids, pick) {
      const ports = await pick(2 * ids.length);
      return ids.map((_, at) => ({ host: '127.0.0.1', brokerPort: ports[2 * at]!, controllerPort: ports[2 * at + 1]! }));
    },
  };
  return {
    place,
    directory: join(directory, place.name),
    state: newState({ ...place, ...spec }, 'java'),
    runtime: runtime as Runtime,
    options: { signal: new AbortController().signal, note: () => {} },
  };
}

const secure = { brokers: 3, security: 'sasl_ssl', listeners: ['SASL_SSL', 'SSL', 'PLAINTEXT'] } as const;

test('a busy port is named, with the local cluster that has it or with what else it may be', async (t) => {
  const directory = folder();
  const port = await listening(t);
  const another = {
    kind: 'connection',
    code: 'EADDRINUSE',
    message: new RegExp(`^port ${port} is busy \\(another program`),
    hint: /--port N/,
  };
  await assert.rejects(requireFree([port], directory, 'default'), another);
  const owner = someName();
  const state = someState();
  state.nodes[0]!.ports = { PLAINTEXT: port };
  makeClusterDirectory(join(directory, owner));
  writeState(join(directory, owner), state);
  // It is down: somebody else listens there.
  await assert.rejects(requireFree([port], directory, 'default'), another);
  state.nodes[0]!.pid = process.pid;
  writeState(join(directory, owner), state);
  await assert.rejects(requireFree([port], directory, 'default'), {
    message: `port ${port} is busy (the local cluster ${owner} has it)`,
    hint: new RegExp(`kt local down --name ${owner}$`),
  });
});

test('free ports are different, and none that was given away already', async () => {
  const ports = await freePorts(5);
  assert.equal(new Set(ports).size, 5);
  assert.ok((await freePorts(3, (port) => port % 2 === 1)).every((port) => port % 2 === 0));
});

test('clusters that start at the same time get ports that none of the others has, though nobody listens there yet', async () => {
  const directory = folder();
  const clusters = Array.from({ length: 40 }, () => someCluster(directory, secure));
  await Promise.all(clusters.map((cluster) => assignPorts(cluster, 0)));
  await Promise.all(clusters.map((cluster) => assignRegistryPort(cluster, true)));
  const ports = clusters.flatMap((cluster) => portsOf(readState(cluster.directory)!));
  // Three brokers with three listeners and two ports among themselves, and a registry.
  assert.equal(ports.length, 40 * (3 * (3 + 2) + 1));
  assert.equal(new Set(ports).size, ports.length);
});

test('a cluster keeps the ports that programs know, and gives up those of further listeners that are busy', async (t) => {
  const cluster = someCluster(folder(), secure);
  await assignPorts(cluster, 0);
  await assignRegistryPort(cluster, true);
  const [first, second] = structuredClone(cluster.state.nodes);
  const registry = cluster.state.registry!.port;
  await listening(t, first!.ports.SSL);
  await assignPorts(cluster, undefined);
  await assignRegistryPort(cluster, true);
  const [again, other] = cluster.state.nodes;
  assert.equal(again!.ports.SASL_SSL, first!.ports.SASL_SSL);
  assert.notEqual(again!.ports.SSL, first!.ports.SSL);
  assert.equal(again!.ports.PLAINTEXT, first!.ports.PLAINTEXT);
  assert.deepEqual(other!.ports, second!.ports);
  assert.equal(cluster.state.registry!.port, registry);
  await listening(t, first!.ports.SASL_SSL);
  await assert.rejects(assignPorts(cluster, undefined), { code: 'EADDRINUSE' });
});

test('a port that the user names is taken, and never given to another listener of the cluster', async () => {
  const cluster = someCluster(folder(), secure);
  await assignPorts(cluster, 0);
  const named = cluster.state.nodes[2]!.ports.PLAINTEXT! - 2;
  await assignPorts(cluster, named);
  assert.deepEqual(
    cluster.state.nodes.map((node) => node.ports.SASL_SSL),
    [named, named + 1, named + 2],
  );
  const ports = portsOf(cluster.state);
  assert.equal(new Set(ports).size, ports.length);
});

const taken = new KtError('connection', 'broker 1 did not start', { code: 'EADDRINUSE' });

test('what finds its port taken starts again on others, a few times, and says so', async () => {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  let chosen = 0;
  let failures = 2;
  const choose = async () => void chosen++;
  await onFreePorts(
    choose,
    async () => {
      if (failures-- > 0) throw taken;
    },
    note,
  );
  assert.equal(chosen, 3);
  assert.deepEqual(notes, Array(2).fill('another program took a port in the meantime; starting again with others'));
  chosen = 0;
  await assert.rejects(
    onFreePorts(choose, () => Promise.reject(taken), note),
    taken,
  );
  assert.equal(chosen, 4);
});

test('what fails for another reason, and a named port that is busy, is not tried again', async () => {
  let tries = 0;
  const fail = async () => {
    tries++;
    throw new KtError('connection', 'broker 1 did not start');
  };
  await assert.rejects(
    onFreePorts(async () => {}, fail, assert.fail),
    { code: undefined },
  );
  assert.equal(tries, 1);
  await assert.rejects(
    onFreePorts(() => Promise.reject(taken), fail, assert.fail),
    taken,
  );
  assert.equal(tries, 1);
});

test('what says that a port is busy: Java, Docker, and the registry', () => {
  for (const printed of [
    'org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:29821: Address already in use.',
    'driver failed programming external connectivity: Bind for 127.0.0.1:9092 failed: port is already allocated',
    'Port 24389 seems to be in use by another process. Quarkus may already be running',
  ])
    assert.equal(isBusyPort(printed), true, printed);
  assert.equal(isBusyPort('[KafkaServer id=1] started on port 9092'), false);
});
