/** What is for the controller, to real sockets of servers that are nearly brokers: one of them goes down before it got it, or after. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOnDemand } from '../../../../src/kafka/connect.ts';
import { apiKeys, bodyOf, frame, metadataAnswer, serverOf, versionsAnswer } from '../../../support/scripted-broker.ts';
import { closedPort } from '../../../support/servers.ts';

const createTopics = 19;
const newest = 4;
const body = { topics: [], timeoutMs: 1_000, validateOnly: false };
const host = '127.0.0.1';

interface Brokers {
  /** Where broker 1 is, which is named as the one to ask at first, for so many times; then broker 2 is. */
  readonly firstPort: number;
  readonly times: number;
  /** How many requests to create topics are hung up on. */
  readonly hangUps?: number;
}

/** Broker 2, which is up, and asks for what it got; and a cluster that begins there. */
async function clusterWith({ firstPort, times, hangUps = 0 }: Brokers) {
  let named = 0;
  let hungUp = 0;
  const second = await serverOf((waiting, socket) => {
    for (const request of waiting.splice(0)) {
      if (request.api === apiKeys.apiVersions) socket.write(versionsAnswer(request, 8, { [createTopics]: newest }));
      else if (request.api === createTopics && hungUp++ < hangUps) return void socket.destroy();
      else if (request.api === createTopics) {
        const answer = { throttleTimeMs: 0, topics: [{ name: 'orders', errorCode: 0, errorMessage: null }] };
        socket.write(frame(request, bodyOf('CreateTopics', request.version, answer)));
      } else if (request.version > 8) return void socket.end();
      else {
        const brokers = [firstPort, second.server.port].map((port, at) => ({ nodeId: at + 1, host, port, rack: null }));
        socket.write(metadataAnswer(request, [], brokers as never, named++ < times ? 1 : 2));
      }
    }
  });
  const settings = {
    ...{ bootstrapServers: [{ host, port: second.server.port }], clientId: 'kt', timeoutMs: 20_000 },
    addressMap: new Map(),
  };
  const cluster = clusterOnDemand(settings, { signal: new AbortController().signal });
  const created = () => second.asked.filter((line) => line.includes(`: ${createTopics} v`)).length;
  const close = async () => {
    await cluster.close();
    await second.server.close();
  };
  return { cluster, created, close };
}

test('what the controller is to do goes another way when the broker that was named is down', async () => {
  const { cluster, created, close } = await clusterWith({ firstPort: await closedPort(), times: 2 });
  try {
    const { topics } = await cluster.request('CreateTopics', body, 'controller');
    assert.deepEqual(
      topics.map(({ name, errorCode }) => [name, errorCode]),
      [['orders', 0]],
    );
    assert.equal(created(), 1);
  } finally {
    await close();
  }
});

test('one that stays named and down is waited for no longer than a broker takes to leave', async () => {
  const { cluster, created, close } = await clusterWith({ firstPort: await closedPort(), times: Number.POSITIVE_INFINITY });
  try {
    await assert.rejects(cluster.request('CreateTopics', body, 'controller'), { kind: 'connection', code: 'ECONNREFUSED' });
    assert.equal(created(), 0);
  } finally {
    await close();
  }
});

test('a change that was sent is not sent again when its broker goes down, and the error says that it may be done', async () => {
  const { cluster, created, close } = await clusterWith({ firstPort: 1, times: 0, hangUps: 1 });
  try {
    await assert.rejects(cluster.request('CreateTopics', body, 'controller'), {
      kind: 'connection',
      hint: 'CreateTopics had been sent: the cluster may have done it or not, so look before you repeat it',
    });
    assert.equal(created(), 1);
  } finally {
    await close();
  }
});

test('what changes nothing is sent again', async () => {
  const { cluster, created, close } = await clusterWith({ firstPort: 1, times: 0, hangUps: 1 });
  try {
    const { topics } = await cluster.request('CreateTopics', { ...body, validateOnly: true }, 'controller');
    assert.equal(topics.length, 1);
    assert.equal(created(), 2);
  } finally {
    await close();
  }
});
