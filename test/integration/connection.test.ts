/** Reaching a cluster: the errors when it fails, and how a connection is made, lost and made again. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KtError } from '../../src/base/errors.ts';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { connect } from '../../src/kafka/connect.ts';
import { testClusters } from '../support/clusters.ts';
import { kt, programs, startKt } from '../support/kt.ts';
import {
  answering,
  answeringAfter,
  closedPort,
  forwarding,
  holdable,
  listen,
  mute,
  type TestServer,
} from '../support/servers.ts';
import { until } from '../support/until.ts';

const clusters = await testClusters();
const newest = clusters.at(-1)!.bootstrapServers;
const advertised = Number(newest.split(':')[1]);

/** A frame's size, as a server might claim it. */
function size(bytes: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(bytes);
  return buffer;
}

/** Answers the request it gets with these bytes, in a frame with the right correlation id. */
function answeringTo(body: Buffer): Promise<TestServer> {
  return listen((socket) =>
    socket.once('data', (request: Buffer) =>
      socket.write(Buffer.concat([size(4 + body.length), request.subarray(8, 12), body])),
    ),
  );
}

/** How long kt may wait for a silent server, and what is less than that even on a busy machine: a wait for it is noticed. */
const patient = ['--timeout', '1m'] as const;
const fastest = 55_000;

for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
  /** Exit code 4, these words, in time, the same as JSON. */
  const fails = async (
    address: string,
    what: string,
    { hint = /./, args = [] as string[], code = undefined as string | undefined } = {},
  ) => {
    const startedAt = performance.now();
    const words = ['topics', 'list', '-b', address, ...patient, ...args];
    const [text, json] = await Promise.all([kt(words, { program }), kt([...words, '-o', 'json'], { program })]);
    assert.ok(performance.now() - startedAt < fastest, 'in time');
    const [line, advice, ...more] = text.stderr.trimEnd().split('\n');
    assert.equal(line, `kt: no connection to ${address} (${what})`);
    assert.match(advice!, /^hint: /);
    assert.match(advice!, hint);
    assert.deepEqual([text.code, text.stdout, more, json.code, json.stdout], [4, '', [], 4, '']);
    const { error } = JSON.parse(json.stderr);
    assert.deepEqual([error.kind, `kt: ${error.message}`, `hint: ${error.hint}`], ['connection', line, advice]);
    if (code) assert.equal(error.code, code);
  };

  test(`${program}: where a profile chose the address, the error names it`, async () => {
    const address = `localhost:${await closedPort()}`;
    const folder = mkdtempSync(join(tmpdir(), 'kt-profile-'));
    const env = { XDG_CONFIG_HOME: folder };
    assert.equal((await kt(['profile', 'add', 'prod', '-b', address], { program, env })).code, 0);
    const named = await kt(['topics', 'list', '--profile', 'prod'], { program, env });
    assert.equal(named.code, 4);
    assert.match(named.stderr, /^kt: profile 'prod': no connection to localhost:\d+ \(connection refused\)\nhint: /);
    const given = await kt(['topics', 'list', '--profile', 'prod', '-b', address], { program, env });
    assert.match(given.stderr, /^kt: no connection to/);
    rmSync(folder, { recursive: true });
  });

  test(`${program}: the first question goes out with the first words of the connection, a round trip earlier`, async () => {
    for (const { bootstrapServers } of clusters) {
      // Whoever waits for the first answer before asking for topics waits for ever.
      const proxy = await answeringAfter(2, Number(bootstrapServers.split(':')[1]));
      const listed = await kt(['topics', 'list', '-b', proxy.address, ...patient, '-v'], { program });
      await proxy.close();
      assert.equal(listed.code, 0, listed.stderr);
      assert.match(listed.stderr, /ApiVersions v2 → .*\n(.*\n)*Metadata v10 → /);
    }
  });

  test(`${program}: a port where nobody listens is an error at once`, async () => {
    const port = await closedPort();
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      await fails(`${host}:${port}`, 'connection refused', { hint: /kt local up/, code: 'ECONNREFUSED' });
  });

  test(`${program}: a host name that nobody knows`, () =>
    fails('no-such-host.invalid:9092', 'host name no-such-host.invalid not found', {
      hint: /--address-map/,
      code: 'ENOTFOUND',
    }));

  test(`${program}: kt gives up after --timeout on a server that accepts and says nothing`, async () => {
    const server = await mute();
    const expected = { hint: /--timeout 30s waits longer; kt doctor looks at the way/, code: 'REQUEST_TIMED_OUT' };
    for (const args of [[], ['-X', 'security.protocol=SSL']]) {
      const limited = ['--timeout', '500ms', ...args];
      await fails(server.address, 'it accepted the connection, then said nothing for 0.5s', { ...expected, args: limited });
    }
    await server.close();
  });

  test(`${program}: a server that hangs up, at once or after a request`, async () => {
    for (const hangUp of ['destroy', 'end', 'resetAndDestroy'] as const) {
      const [early, late] = [
        await listen((socket) => void socket[hangUp]()),
        await listen((socket) => void socket.once('data', () => socket[hangUp]())),
      ];
      for (const { address } of [early, late])
        await fails(address, 'the server closed the connection', { hint: /want TLS or a user\?/ });
      const tls = ['-X', 'security.protocol=SSL'];
      await fails(late.address, 'the server closed the connection in the TLS handshake', { hint: /=PLAINTEXT$/, args: tls });
      await early.close();
      await late.close();
    }
  });

  test(`${program}: servers of other kinds, hostile ones too, are found out by their first bytes`, async () => {
    const hint = /-b host:port/;
    for (const [chunks, who] of [
      [['HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'], 'an HTTP server'],
      [['H', 'TTP/1.1 400 Bad Request\r\n\r\n'], 'an HTTP server'],
      [['SSH-2.0-OpenSSH_9.9\r\n'], 'an SSH server'],
      [[size(2 ** 31 - 1)], 'something else'],
      [[size(-2)], 'something else'],
      [[size(0)], 'something else'],
      [[size(8), '01234567'], 'something else'],
    ] as const) {
      const server = await answering(...chunks);
      try {
        const what = chunks[0] === 'H' ? /HTTP|something/ : who;
        if (typeof what === 'string') await fails(server.address, `${what} answered, not Kafka`, { hint });
        else assert.equal((await kt(['topics', 'list', '-b', server.address], { program })).code, 4);
      } finally {
        await server.close();
      }
    }
  });

  test(`${program}: an answer that cannot be read`, async () => {
    const claims = await answeringTo(Buffer.concat([Buffer.alloc(2), size(2 ** 31 - 1), Buffer.alloc(6)]));
    const { code, stderr } = await kt(['topics', 'list', '-b', claims.address], { program });
    assert.equal(code, 4);
    assert.match(stderr, /^kt: no connection to localhost:\d+ \(its answer cannot be read: .+\)\nhint: is a Kafka broker/);
    await claims.close();
  });

  test(`${program}: with several bootstrap servers a bad one does not matter, and when all are bad each is named`, async () => {
    const [silent, refused] = [await mute(), `localhost:${await closedPort()}`];
    for (const first of [silent.address, refused, `${refused},${silent.address}`, 'no-such-host.invalid:9092']) {
      const startedAt = performance.now();
      const { code, stderr } = await kt(['topics', 'list', '-b', `${first},${newest}`, ...patient], { program });
      assert.deepEqual([code, stderr], [0, '']);
      assert.ok(performance.now() - startedAt < fastest, first);
    }
    const bad = ['-b', `${refused},${silent.address},no-such-host.invalid`, '--timeout', '3s'];
    const { code, stderr } = await kt(['topics', 'list', ...bad], { program });
    assert.equal(code, 4);
    assert.match(stderr, /^kt: no bootstrap server answered \(.+\)\nhint: .+\n$/);
    for (const reason of [
      `${refused}: connection refused`,
      `${silent.address}: it accepted the connection, then said nothing for 3s`,
      'no-such-host.invalid:9092: host name no-such-host.invalid not found',
    ])
      assert.ok(stderr.includes(reason), stderr);
    await silent.close();
  });

  test(`${program}: IPv6, and addresses mapped to reachable ones`, async () => {
    const [six, bootstrapServer, broker] = [
      await forwarding(advertised, '::1'),
      await forwarding(advertised),
      await forwarding(advertised),
    ];
    assert.equal((await kt(['topics', 'list', '-b', six.address], { program })).code, 0);
    const map = ['--address-map', `kafka.test:9092=${bootstrapServer.address}`, '--address-map', `${newest}=${broker.address}`];
    const topic = `mapped-${randomUUID()}`;
    const { code, stderr } = await kt(['topics', 'create', topic, '-b', 'kafka.test:9092', ...map], { program });
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual([six.connections(), bootstrapServer.connections(), broker.connections()], [1, 1, 1]);
    for (const server of [six, bootstrapServer, broker]) await server.close();
  });

  test(`${program}: listing topics costs one connection and two requests, which -v shows`, async () => {
    const server = await forwarding(advertised);
    const startedAt = performance.now();
    const { code, stderr } = await kt(['topics', 'list', '-v', '-b', server.address, ...patient], { program });
    assert.equal(code, 0);
    assert.match(
      stderr,
      /^connecting to localhost:\d+ \(--bootstrap-server\)\nApiVersions v\d+ → localhost:\d+ [\d.]+ ms\nMetadata v\d+ → localhost:\d+ [\d.]+ ms\n$/,
    );
    assert.equal(server.connections(), 1);
    assert.ok(performance.now() - startedAt < fastest, 'no timer keeps the process');
    await server.close();
  });

  test(`${program}: Ctrl-C and SIGTERM end the wait for a silent server at once`, async () => {
    const server = await mute();
    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      for (const args of [[], ['-X', 'security.protocol=SSL']]) {
        const before = server.connections();
        const child = startKt(['topics', 'list', '-b', server.address, '--timeout', '1m', ...args], { program });
        const ended = once(child, 'close');
        await until(() => server.connections() > before, 'it connects');
        const startedAt = performance.now();
        child.kill(signal);
        assert.deepEqual(await ended, [expected, null]);
        assert.ok(performance.now() - startedAt < fastest, 'before --timeout');
      }
    }
    await server.close();
  });
}

test('a broker that goes down during a request is no error if another one answers', async (t) => {
  const dying = await listen((socket) => {
    const upstream = net.connect(advertised, 'localhost');
    let questions = 0;
    socket.on('data', (chunk) => (questions++ === 0 ? upstream.write(chunk) : socket.destroy()));
    upstream.on('data', (chunk) => socket.write(chunk));
    socket.on('close', () => upstream.destroy());
  });
  t.after(() => dying.close());
  for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
    const { code, stderr } = await kt(['topics', 'list', '-b', `${dying.address},${newest}`], { program });
    assert.deepEqual([code, stderr], [0, '']);
  }
});

for (const { version, bootstrapServers } of clusters) {
  const port = Number(bootstrapServers.split(':')[1]);

  /** A cluster whose broker is only reached through `server`. */
  const open = (server: TestServer, timeoutMs = 10_000, signal = new AbortController().signal): Promise<Cluster> => {
    const seed = { host: 'localhost', port };
    const addressMap = new Map([[bootstrapServers, server.address]]);
    return connect({ bootstrapServers: [seed], clientId: 'kt-test', timeoutMs, addressMap }, { signal });
  };
  const ask = (cluster: Cluster) => cluster.request('Metadata', { topics: [], allowAutoTopicCreation: false });
  const poll = (cluster: Cluster, broker: number, maxWaitMs = 0, signal?: AbortSignal) =>
    cluster.request(
      'Fetch',
      { maxWaitMs, minBytes: 1, maxBytes: 1, topics: [] },
      { broker },
      { longPollMs: maxWaitMs, maxVersion: 12, ...(signal && { signal }) },
    );
  const brokerOf = async (cluster: Cluster) => (await cluster.metadata([])).brokers[0]!.id;

  test(`${version}: requests at the same time share one connection, and long polls one more`, async () => {
    const server = await forwarding(port);
    const cluster = await open(server);
    const broker = await brokerOf(cluster);
    await Promise.all(Array.from({ length: 20 }, () => ask(cluster)));
    await Promise.all(Array.from({ length: 20 }, () => poll(cluster, broker)));
    await Promise.all(Array.from({ length: 20 }, () => cluster.request('Metadata', { topics: null }, 'controller')));
    assert.equal(server.connections(), 2);
    await cluster.close();
    await assert.rejects(ask(cluster), (error: KtError) => error.kind === 'connection' && /was closed/.test(error.message));
    await server.close();
  });

  test(`${version}: an answer that comes too late is an error that names the request, and does not disturb later ones`, async () => {
    const server = await holdable(port);
    const cluster = await open(server, 2_000);
    await ask(cluster);
    server.hold();
    await assert.rejects(ask(cluster), {
      kind: 'connection',
      code: 'REQUEST_TIMED_OUT',
      message: `no answer to Metadata from ${bootstrapServers} at ${server.address} (waited 2s)`,
    });
    server.release();
    assert.equal((await ask(cluster)).brokers.length, 1);
    await cluster.close();
    await server.close();
  });

  test(`${version}: a lost connection is an error for requests that are for its broker; others get a new connection`, async () => {
    const server = await holdable(port);
    const cluster = await open(server);
    const broker = await brokerOf(cluster);
    await poll(cluster, broker);
    server.hold();
    const asked = ask(cluster);
    const polled = poll(cluster, broker);
    server.cut();
    await assert.rejects(polled, { kind: 'connection', hint: /^is the broker going down\?/ });
    server.release();
    assert.equal((await asked).brokers.length, 1);
    await poll(cluster, broker);
    await Promise.all([...Array.from({ length: 10 }, () => poll(cluster, broker)), ask(cluster)]);
    assert.equal(server.connections(), 4);
    await cluster.close();
    await server.close();
  });

  test(`${version}: a waiting request is ended by its own signal, by the command's, and by close`, async () => {
    const server = await holdable(port);
    const command = new AbortController();
    const cluster = await open(server, 10_000, command.signal);
    const broker = await brokerOf(cluster);
    server.hold();
    const own = new AbortController();
    const waiting = [poll(cluster, broker, 60_000, own.signal), ask(cluster)];
    own.abort(new Error('its own'));
    await assert.rejects(waiting[0]!, { message: 'its own' });
    command.abort(new KtError('interrupted', 'interrupted'));
    await assert.rejects(waiting[1]!, { kind: 'interrupted' });
    await assert.rejects(ask(cluster), { kind: 'interrupted' });
    const last = cluster.request('Metadata', { topics: [] }, 'any', { closing: true });
    server.release();
    assert.equal((await last).brokers.length, 1);
    server.hold();
    const closed = cluster.request('Metadata', { topics: [] }, 'any', { closing: true });
    await cluster.close();
    await assert.rejects(closed, { message: 'the connection was closed' });
    await until(() => server.open() === 0, 'every socket is closed');
    await server.close();
  });

  test(`${version}: closing also ends connections that are still being opened`, async () => {
    const silent = await mute();
    const cluster = await connect(
      {
        bootstrapServers: [{ host: '127.0.0.1', port }],
        clientId: 'kt-test',
        timeoutMs: 60_000,
        addressMap: new Map([[bootstrapServers, silent.address]]),
      },
      { signal: new AbortController().signal },
    );
    const waiting = assert.rejects(cluster.request('Metadata', { topics: [] }, { broker: await brokerOf(cluster) }), {
      message: 'the connection was closed',
    });
    await until(() => silent.connections() === 1, 'it connects');
    await cluster.close();
    await waiting;
    await silent.close();
  });

  test(`${version}: a broker that the cluster does not have`, async () => {
    const server = await forwarding(port);
    const cluster = await open(server);
    await assert.rejects(cluster.request('Metadata', { topics: [] }, { broker: 77 }), {
      kind: 'connection',
      code: 'BROKER_NOT_AVAILABLE',
      message: 'broker 77 is not in the cluster at the moment',
    });
    await cluster.close();
    await server.close();
  });
}
