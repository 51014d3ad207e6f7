/** Real clusters of `kt local`, in their own folder. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { type LocalCluster, localStatus, startLocal, stopLocal } from '../../src/local/cluster.ts';
import { localPlace } from '../../src/local/place.ts';
import { freePorts } from '../../src/local/ports.ts';
import { type ClusterState, readState } from '../../src/local/state.ts';
import { quickJava } from '../support/java.ts';
import { kt } from '../support/kt.ts';
import { until } from '../support/until.ts';

const directory = mkdtempSync(join(tmpdir(), 'kt-local-'));
const options = { signal: new AbortController().signal, note: () => {} };
const names: string[] = [];
const limits = { timeout: 400_000 };

/** Where a new cluster of a random name goes; the jars come from the machine's cache. */
function place() {
  const name = `test-${randomBytes(4).toString('hex')}`;
  names.push(name);
  return { ...localPlace(name, process.env), directory };
}

after(async () => {
  for (const name of names) await stopLocal({ ...localPlace(name, process.env), directory, purge: true }, options);
  rmSync(directory, { recursive: true, force: true });
});

/** Runs one of Kafka's own tools; what it printed, on either stream, with its exit code. */
function kafkaTool(cluster: LocalCluster, ...args: string[]): Promise<{ readonly code: unknown; readonly printed: string }> {
  assert.ok(cluster.classpath, 'Java runs these clusters');
  const java = [...quickJava(cluster.classpath), ...args];
  return new Promise((resolve) => {
    execFile('java', java, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, printed: stdout + stderr }));
  });
}

/** Whether something takes connections there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

const topics = (cluster: LocalCluster, ...args: string[]) =>
  kafkaTool(cluster, 'org.apache.kafka.tools.TopicCommand', '--bootstrap-server', cluster.bootstrapServers, ...args);

test('a cluster lives through up, up again, a crash, down and up; purge leaves nothing', limits, async () => {
  const at = place();
  const cluster = await startLocal({ ...at, port: 0, runtime: 'java' }, options);
  assert.equal(cluster.started, true);
  assert.equal(cluster.status, 'running');
  assert.equal((await topics(cluster, '--create', '--topic', 'kept', '--partitions', '2')).code, 0);

  const again = await startLocal(at, options);
  assert.equal(again.started, false);
  assert.equal(again.bootstrapServers, cluster.bootstrapServers);
  await assert.rejects(startLocal({ ...at, brokers: 3 }, options), { kind: 'usage', message: /has --brokers 1, not 3/ });
  await assert.rejects(startLocal({ ...at, port: cluster.nodes[0]!.port + 1 }, options), {
    kind: 'usage',
    hint: /kt local down --name .* first; its data is kept/,
  });

  // Reached through a link, it is the same cluster.
  const link = `${directory}-link`;
  symlinkSync(directory, link);
  assert.equal((await localStatus({ ...at, directory: link }, options))?.status, 'running');
  rmSync(link);

  await cluster.killNode(1);
  assert.equal((await localStatus(at, options))?.status, 'stopped');
  assert.equal(await answers(cluster.nodes[0]!.port), false);
  await cluster.startNode(1);
  assert.equal((await localStatus(at, options))?.status, 'running');

  assert.equal((await stopLocal(at, options))?.status, 'stopped');
  assert.equal(await answers(cluster.nodes[0]!.port), false);
  const back = await startLocal(at, options);
  assert.equal(back.started, true);
  assert.equal(back.bootstrapServers, cluster.bootstrapServers);
  assert.match((await topics(back, '--list')).printed, /^kept$/m);

  await stopLocal({ ...at, purge: true }, options);
  assert.equal(existsSync(cluster.directory), false);
  assert.equal(await localStatus(at, options), undefined);
});

test('a purge has to be confirmed, and says what would go', limits, async () => {
  const at = place();
  await startLocal({ ...at, port: 0 }, options);
  await stopLocal(at, options);
  const data = mkdtempSync(join(directory, 'data-'));
  mkdirSync(join(data, 'kt'));
  symlinkSync(directory, join(data, 'kt', 'local'));
  const down = (...words: string[]) =>
    kt(['local', 'down', '--name', at.name, '--purge', ...words], { env: { XDG_DATA_HOME: data } });
  const asked = await down();
  assert.equal(asked.code, 2);
  assert.match(asked.stderr, new RegExp(`^${at.name}: Kafka [\\d.]+, 1 broker stopped, [\\d.]+[KM]iB in .*${at.name}\n`));
  assert.match(asked.stderr, /delete all its topics and records\? \(nobody to ask.*\nhint: add --yes/);
  assert.ok(await localStatus(at, options), 'it is still there');
  assert.equal((await down('--yes')).code, 0);
  assert.equal(await localStatus(at, options), undefined);
  const again = await down();
  assert.deepEqual([again.code, again.stderr], [0, '']);
});

test(
  'a schema registry stays with its cluster: schemas outlive down and up, and a crash; a purge ends it',
  limits,
  async () => {
    const at = place();
    const without = await startLocal({ ...at, port: 0, runtime: 'java' }, options);
    assert.equal(without.registry, undefined);
    const { registry, started } = await startLocal({ ...at, schemaRegistry: true }, options);
    assert.ok(registry);
    assert.equal(started, true);
    const subjects = async (url: string) => await (await fetch(`${url}/subjects`)).json();
    const body = JSON.stringify({ schema: '"string"' });
    const headers = { 'Content-Type': 'application/json' };
    assert.equal((await fetch(`${registry.url}/subjects/kept/versions`, { method: 'POST', body, headers })).status, 200);

    process.kill(registry.pid, 'SIGKILL');
    await until(async () => (await localStatus(at, options))?.registry?.running === false, 'the registry to be gone');
    const again = await startLocal(at, options);
    assert.equal(again.started, true);
    assert.deepEqual(await subjects(again.registry!.url), ['kept']);
    assert.equal((await startLocal(at, options)).started, false);

    const stopped = await stopLocal(at, options);
    assert.deepEqual([stopped?.registry?.running, stopped?.registry?.pid], [false, 0]);
    assert.equal(await answers(Number(new URL(registry.url).port)), false);
    const back = await startLocal(at, options);
    assert.deepEqual(await subjects(back.registry!.url), ['kept']);
    await stopLocal({ ...at, purge: true }, options);
    assert.equal(existsSync(without.directory), false);
    assert.equal(await answers(Number(new URL(back.registry!.url).port)), false);
  },
);

test('three brokers go on while one of them is down', limits, async () => {
  const at = place();
  const cluster = await startLocal({ ...at, port: 0, brokers: 3, runtime: 'java' }, options);
  await cluster.killNode(2);
  const status = await localStatus(at, options);
  assert.equal(status?.status, 'partial');
  assert.deepEqual(
    status?.nodes.map((node) => node.running),
    [true, false, true],
  );
  assert.equal((await topics(cluster, '--create', '--topic', 'while-down', '--replication-factor', '2')).code, 0);
  const whole = await startLocal(at, options);
  assert.equal(whole.started, true);
  assert.equal(whole.status, 'running');
});

test('the written settings open a sasl_ssl cluster to admin, and alice may do nothing; Kafka 3.7.0', limits, async () => {
  const cluster = await startLocal(
    { ...place(), port: 0, kafkaVersion: '3.7.0', security: 'sasl_ssl', runtime: 'java' },
    options,
  );
  const admin = ['--command-config', cluster.clientProperties as string];
  const alice = ['--command-config', cluster.aliceProperties as string];
  assert.equal((await topics(cluster, ...admin, '--create', '--topic', 'secret')).code, 0);
  assert.match((await topics(cluster, ...admin, '--list')).printed, /^secret$/m);
  assert.doesNotMatch((await topics(cluster, ...alice, '--list')).printed, /secret/);
  const refused = await topics(cluster, ...alice, '--create', '--topic', 'mine');
  assert.equal(refused.code, 1);
  assert.match(refused.printed, /Authorization/i);
});

test('a busy port is an error that names it, and nothing is left behind', limits, async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const at = place();
  await assert.rejects(startLocal({ ...at, port, runtime: 'java' }, options), {
    kind: 'connection',
    code: 'EADDRINUSE',
    message: new RegExp(`port ${port} is busy`),
    hint: /--port/,
  });
  assert.equal(await localStatus(at, options), undefined);
});

/** Takes the port as soon as the cluster's state names it, before its broker has started. */
async function robbed(t: TestContext, cluster: string, portOf: (state: ClusterState) => number | undefined): Promise<number> {
  let port: number | undefined;
  await until(() => {
    const state = readState(join(directory, cluster));
    port = state && portOf(state);
    return port !== undefined;
  }, 'a port to be picked');
  const server = createServer().listen(port, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return port!;
}

test('a broker or a registry whose port is taken before it starts gets another, if the user named none', limits, async (t) => {
  const at = place();
  const notes: string[] = [];
  const noting = { ...options, note: (text: string) => void notes.push(text) };
  const starting = startLocal({ ...at, port: 0, runtime: 'java', schemaRegistry: true }, noting);
  const [port, inner, registry] = await Promise.all([
    robbed(t, at.name, ({ nodes }) => nodes[0]!.ports.PLAINTEXT),
    robbed(t, at.name, ({ nodes }) => nodes[0]!.internal.controllerPort),
    robbed(t, at.name, (state) => state.registry?.port),
  ]);
  const cluster = await starting;
  assert.equal(cluster.status, 'running');
  assert.deepEqual(notes, Array(2).fill('another program took a port in the meantime; starting again with others'));
  const { nodes, registry: its } = readState(cluster.directory)!;
  assert.notEqual(nodes[0]!.ports.PLAINTEXT, port);
  assert.notEqual(nodes[0]!.internal.controllerPort, inner);
  assert.notEqual(its!.port, registry);
  assert.equal((await topics(cluster, '--list')).code, 0);
  assert.deepEqual(await (await fetch(`${cluster.registry!.url}/subjects`)).json(), []);
});

test('of two clusters that start at once on the same port one runs, and the other names it', limits, async () => {
  const [port] = await freePorts(1);
  const both = [place(), place()];
  const starts = await Promise.allSettled(both.map((at) => startLocal({ ...at, port: port!, runtime: 'java' }, options)));
  const winner = starts.findIndex((start) => start.status === 'fulfilled');
  const loser = starts.find((start) => start.status === 'rejected');
  assert.equal(loser?.reason.code, 'EADDRINUSE');
  assert.equal(loser.reason.message, `port ${port} is busy (the local cluster ${both[winner]!.name} has it)`);
});

test('a setting that Kafka does not take is named, and the name is free for another try', limits, async () => {
  const at = { ...place(), port: 0, runtime: 'java' as const };
  await assert.rejects(startLocal({ ...at, serverConfig: { 'log.retention.hours': 'soon' } }, options), {
    kind: 'usage',
    message: /Invalid value soon for configuration log\.retention\.hours/,
  });
  assert.equal((await startLocal(at, options)).status, 'running');
});

test('a broker that dies while it starts is an error with the last lines of its log', limits, async () => {
  const at = place();
  // Passes the check of the settings, then has no memory for its buffers.
  const serverConfig = { 'log.cleaner.dedupe.buffer.size': '2000000000' };
  await assert.rejects(startLocal({ ...at, port: 0, runtime: 'java', serverConfig }, options), {
    kind: 'connection',
    message: 'broker 1 did not start (its process ended)',
    hint: /OutOfMemoryError/,
  });
  assert.equal((await localStatus(at, options))?.status, 'stopped');
});
