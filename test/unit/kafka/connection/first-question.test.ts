/** The first question of a command goes out with the first words of the connection, to real sockets of servers that are nearly brokers. */
import assert from 'node:assert/strict';
import type net from 'node:net';
import { test } from 'node:test';
import { clusterOnDemand } from '../../../../src/kafka/connect.ts';
import type { ClusterSettings } from '../../../../src/kafka/connection/settings.ts';
import { encoder } from '../../../../src/kafka/wire/codec.ts';
import type { ApiName } from '../../../../src/kafka/wire/generated/types.ts';
import { Writer } from '../../../../src/kafka/wire/writer.ts';
import { closedPort, listen, type TestServer } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';

const [metadata, saslHandshake, apiVersions, saslAuthenticate] = [3, 17, 18, 36] as const;

interface Asked {
  readonly api: number;
  readonly version: number;
  readonly id: Buffer;
}

/** What a server does with the requests that it has not answered yet: it takes those that it answers or drops. */
type Behaviour = (waiting: Asked[], socket: net.Socket) => void;

function frame({ id }: Asked, body: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(id.length + body.length);
  return Buffer.concat([size, id, body]);
}

function bodyOf(api: ApiName, version: number, body: unknown): Buffer {
  const writer = new Writer();
  encoder('response', api, version)(writer, body);
  return writer.written();
}

/** @param upTo the newest version of Metadata that the broker knows */
function versionsAnswer(request: Asked, upTo: number): Buffer {
  const apiKeys = [
    { apiKey: metadata, minVersion: 0, maxVersion: upTo },
    { apiKey: saslHandshake, minVersion: 0, maxVersion: 1 },
    { apiKey: saslAuthenticate, minVersion: 0, maxVersion: 1 },
  ];
  return frame(request, bodyOf('ApiVersions', request.version, { errorCode: 0, apiKeys, throttleTimeMs: 0 }));
}

function metadataAnswer(request: Asked, topics: readonly string[] = ['orders']): Buffer {
  const body = {
    throttleTimeMs: 0,
    brokers: [{ nodeId: 1, host: 'localhost', port: 9092, rack: null }],
    clusterId: 'c',
    controllerId: 1,
    topics: topics.map((name) => ({
      errorCode: 0,
      name,
      topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      isInternal: false,
      partitions: [],
      topicAuthorizedOperations: 0,
    })),
    clusterAuthorizedOperations: 0,
  };
  const bytes = bodyOf('Metadata', request.version, body);
  // Flexible versions have tags in the header.
  return frame(request, request.version >= 9 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** A server of this behaviour, and every request that it got: on which connection, and which. */
async function serverOf(behaviour: Behaviour) {
  const asked: string[] = [];
  let count = 0;
  const server: TestServer = await listen((socket) => {
    const connection = ++count;
    const waiting: Asked[] = [];
    let unread = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      while (unread.length >= 4 && unread.length >= 4 + unread.readInt32BE(0)) {
        const request = { api: unread.readInt16BE(4), version: unread.readInt16BE(6), id: unread.subarray(8, 12) };
        unread = unread.subarray(4 + unread.readInt32BE(0));
        asked.push(`${connection}: ${request.api} v${request.version}`);
        waiting.push(request);
      }
      behaviour(waiting, socket);
    });
  });
  return { server, asked };
}

/** A broker, as it takes one request after the other, whose Metadata goes up to this version. */
function brokerUpTo(newest: number, topics?: readonly string[]): Behaviour {
  return (waiting, socket) => {
    for (const request of waiting.splice(0)) {
      if (request.api === apiVersions) socket.write(versionsAnswer(request, newest));
      else if (request.api === metadata && request.version <= newest) socket.write(metadataAnswer(request, topics));
      else return void socket.end();
    }
  };
}

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
