/** The first question of a command goes out with the first words of the connection, to real sockets of servers that are nearly brokers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOnDemand } from '../../../../src/kafka/connect.ts';
import type { ClusterSettings } from '../../../../src/kafka/connection/settings.ts';
import {
  apiKeys,
  type Behaviour,
  bodyOf,
  brokerUpTo,
  frame,
  metadataAnswer,
  serverOf,
  versionsAnswer,
} from '../../../support/scripted-broker.ts';
import { closedPort, type TestServer } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';

const { metadata, saslHandshake, apiVersions, saslAuthenticate } = apiKeys;

const ada = { mechanism: 'PLAIN', username: 'ada', password: 'x' } as const;

function clusterOf({ port }: TestServer, sasl?: ClusterSettings['sasl']) {
  const bootstrapServers = [{ host: '127.0.0.1', port }];
  const settings = { bootstrapServers, clientId: 'kt', timeoutMs: 5_000, addressMap: new Map(), ...(sasl && { sasl }) };
  return clusterOnDemand(settings, { signal: new AbortController().signal });
}

async function topicsOf(behaviour: Behaviour, sasl?: ClusterSettings['sasl']) {
  const { server, asked } = await serverOf(behaviour);
  const cluster = clusterOf(server, sasl);
  try {
    const { topics } = await cluster.metadata('all');
    return { topics: [...topics.keys()], asked };
  } finally {
    await cluster.close();
    await server.close();
  }
}

test('the topics are asked for before the broker has said what it speaks: one round trip', async () => {
  const { topics, asked } = await topicsOf((waiting, socket) => {
    // Nothing is answered until both are there: a client that waits for the first answer waits for ever.
    if (waiting.length < 2) return;
    brokerUpTo(13)(waiting, socket);
  });
  assert.deepEqual(topics, ['orders']);
  assert.deepEqual(asked, ['1: 18 v2', '1: 3 v10']);
});

test('both answers may come at once, and that with the topics may be large', async () => {
  const many = Array.from({ length: 12_000 }, (_, index) => `topic-${index}-${'x'.repeat(90)}`);
  const { topics } = await topicsOf((waiting, socket) => {
    if (waiting.length < 2) return;
    const [first, second] = waiting.splice(0);
    const both = Buffer.concat([versionsAnswer(first!, 13), metadataAnswer(second!, many)]);
    assert.ok(both.length > 1 << 20);
    socket.write(both);
  });
  assert.equal(topics.length, many.length);
});

test('a broker that does not know the version hangs up, and is asked again in its own', async () => {
  const { topics, asked } = await topicsOf(brokerUpTo(8));
  assert.deepEqual(topics, ['orders']);
  assert.deepEqual(asked.slice(-2), ['2: 18 v2', '2: 3 v8']);
});

test('one that hangs up before it says anything is asked again too', async () => {
  const { topics, asked } = await topicsOf((waiting, socket) => {
    const isEager = waiting.some(({ api, version }) => api === metadata && version > 8);
    if (isEager) socket.destroy();
    // A moment later, so that the question behind this one is seen first.
    else setTimeout(() => !socket.destroyed && brokerUpTo(8)(waiting, socket), 50);
  });
  assert.deepEqual(topics, ['orders']);
  assert.deepEqual(asked.slice(-2), ['2: 18 v2', '2: 3 v8']);
});

test('a server that always hangs up is asked twice, not for ever', async () => {
  const { server } = await serverOf((_waiting, socket) => socket.destroy());
  const cluster = clusterOf(server);
  await assert.rejects(cluster.metadata('all'), { kind: 'connection', message: /the server closed the connection/ });
  assert.equal(server.connections(), 2);
  await cluster.close();
  await server.close();
});

test('a broker that hangs up after it has answered is going down: nothing is said of TLS or users', async () => {
  let answers = 0;
  const { server } = await serverOf((waiting, socket) => {
    if (answers > 0 && waiting.some(({ api }) => api === metadata)) return void socket.destroy();
    if (waiting.some(({ api }) => api === metadata)) answers++;
    brokerUpTo(9, ['orders'], [])(waiting, socket);
  });
  const cluster = clusterOf(server);
  await cluster.open();
  await cluster.metadata('all');
  await assert.rejects(cluster.metadata('all'), { kind: 'connection', hint: /^is the broker going down\?/ });
  await cluster.close();
  await server.close();
});

test('a cluster that is opened before anything is asked is asked for its versions alone', async () => {
  const { server, asked } = await serverOf(brokerUpTo(9));
  const cluster = clusterOf(server);
  await cluster.open();
  assert.deepEqual(asked, ['1: 18 v2']);
  await cluster.metadata([]);
  assert.deepEqual(asked, ['1: 18 v2', '1: 3 v9']);
  await cluster.close();
  await server.close();
});

test('where a user logs in, nothing is asked before that', async () => {
  const { topics, asked } = await topicsOf((waiting, socket) => {
    for (const request of waiting.splice(0)) {
      if (request.api === saslHandshake)
        socket.write(frame(request, bodyOf('SaslHandshake', request.version, { errorCode: 0, mechanisms: ['PLAIN'] })));
      else if (request.api === saslAuthenticate) {
        const answer = { errorCode: 0, errorMessage: null, authBytes: Buffer.alloc(0), sessionLifetimeMs: 0n };
        socket.write(frame(request, bodyOf('SaslAuthenticate', request.version, answer)));
      } else brokerUpTo(13)([request], socket);
    }
  }, ada);
  assert.deepEqual(topics, ['orders']);
  assert.deepEqual(asked, ['1: 18 v2', '1: 17 v1', '1: 36 v1', '1: 3 v10']);
});

test('a broker that is too old for the question about versions, too, is asked again in the oldest one', async () => {
  const tooOld = Buffer.from([0, 35, 0, 0, 0, 0]);
  const { topics, asked } = await topicsOf((waiting, socket) => {
    for (const request of waiting.splice(0)) {
      if (request.api === apiVersions && request.version > 0) socket.write(frame(request, tooOld));
      else brokerUpTo(8)([request], socket);
    }
  });
  assert.deepEqual(topics, ['orders']);
  assert.deepEqual(asked.slice(-3), ['2: 18 v2', '2: 18 v0', '2: 3 v8']);
});

test('of several servers the first that answers is believed; a silent one and a dead one hold nothing up', async () => {
  const silent = await serverOf(() => {});
  const alive = await serverOf(brokerUpTo(13));
  const dead = await closedPort();
  const bootstrapServers = [dead, silent.server.port, alive.server.port].map((port) => ({ host: '127.0.0.1', port }));
  const settings = { bootstrapServers, clientId: 'kt', timeoutMs: 20_000, addressMap: new Map() };
  const cluster = clusterOnDemand(settings, { signal: new AbortController().signal });
  const [first, second] = await Promise.all([cluster.metadata('all'), cluster.metadata(['orders'])]);
  assert.deepEqual([...first.topics.keys(), ...second.topics.keys()], ['orders', 'orders']);
  assert.deepEqual(alive.asked, ['1: 18 v2', '1: 3 v10', '1: 3 v10'], 'each question is asked once');
  await cluster.close();
  await silent.server.close();
  await alive.server.close();
});

test('what any broker can answer is asked of another one when the first goes down before it answers', async () => {
  const leaving = await serverOf((waiting, socket) => {
    if (waiting.some(({ api }) => api !== apiVersions)) socket.destroy();
    else brokerUpTo(9)(waiting, socket);
  });
  const staying = await serverOf(brokerUpTo(9));
  const bootstrapServers = [leaving, staying].map(({ server }) => ({ host: '127.0.0.1', port: server.port }));
  const settings = { bootstrapServers, clientId: 'kt', timeoutMs: 20_000, addressMap: new Map() };
  const cluster = clusterOnDemand(settings, { signal: new AbortController().signal });
  try {
    await cluster.open();
    const { topics } = await cluster.request('Metadata', { topics: null, allowAutoTopicCreation: false });
    assert.deepEqual(
      topics.map(({ name }) => name),
      ['orders'],
    );
    assert.deepEqual(leaving.asked, ['1: 18 v2', '1: 3 v9']);
    assert.deepEqual(staying.asked, ['1: 18 v2', '1: 3 v9']);
  } finally {
    await cluster.close();
    await leaving.server.close();
    await staying.server.close();
  }
});

test('of the broker that goes down there may be two connections: both are tried in vain, then another broker', async () => {
  let isLeaving = false;
  const leaving: Awaited<ReturnType<typeof serverOf>> = await serverOf((waiting, socket) => {
    if (isLeaving && waiting.some(({ api }) => api === metadata)) socket.destroy();
    else brokerUpTo(9, [], [{ nodeId: 1, host: 'localhost', port: leaving.server.port, rack: null as never }])(waiting, socket);
  });
  const staying = await serverOf(brokerUpTo(9));
  // The first is known by another name than it gives itself.
  const bootstrapServers = [leaving, staying].map(({ server }) => ({ host: '127.0.0.1', port: server.port }));
  const settings = { bootstrapServers, clientId: 'kt', timeoutMs: 20_000, addressMap: new Map() };
  const cluster = clusterOnDemand(settings, { signal: new AbortController().signal });
  const topics = { topics: null, allowAutoTopicCreation: false };
  try {
    await cluster.metadata([]);
    await cluster.request('Metadata', topics, { broker: 1 });
    isLeaving = true;
    const answer = await cluster.request('Metadata', topics);
    assert.deepEqual(
      answer.topics.map(({ name }) => name),
      ['orders'],
    );
    assert.equal(leaving.asked.filter((line) => / 3 v9$/.test(line)).length, 4);
  } finally {
    await cluster.close();
    await leaving.server.close();
    await staying.server.close();
  }
});

test('an interruption ends the wait for a server that is silent, and what was asked meanwhile', async () => {
  const { server } = await serverOf(() => {});
  const stop = new AbortController();
  const bootstrapServers = [{ host: '127.0.0.1', port: server.port }];
  const settings = { bootstrapServers, clientId: 'kt', timeoutMs: 20_000, addressMap: new Map() };
  const cluster = clusterOnDemand(settings, { signal: stop.signal });
  const asking = [cluster.metadata('all'), cluster.metadata(['orders'])];
  await until(() => server.connections() === 1, 'a connection');
  stop.abort(new Error('stopped'));
  for (const each of asking) await assert.rejects(each, /stopped/);
  await cluster.close();
  await server.close();
});

test('the connection for records opens before anything is fetched; one that cannot be opened is no error yet', async () => {
  const brokers: { nodeId: number; host: string; port: number; rack: null }[] = [];
  const { server, asked } = await serverOf((waiting, socket) => brokerUpTo(13, ['orders'], brokers)(waiting, socket));
  brokers.push({ nodeId: 1, host: '127.0.0.1', port: server.port, rack: null });
  brokers.push({ nodeId: 2, host: '127.0.0.1', port: await closedPort(), rack: null });
  const cluster = clusterOf(server);
  try {
    await cluster.metadata('all');
    cluster.prepareFetch([1, 2]);
    await until(() => server.connections() === 2, 'a second connection');
    assert.deepEqual(asked, ['1: 18 v2', '1: 3 v10']);
    await assert.rejects(cluster.request('Metadata', { topics: [] } as never, { broker: 2 }), { kind: 'connection' });
  } finally {
    await cluster.close();
    await server.close();
  }
});
