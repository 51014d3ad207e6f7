/** SASL sessions that end (KIP-368), with a server that gives any lifetime, to a real socket. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Link } from '../../../../src/kafka/connection/link.ts';
import { loginOf } from '../../../../src/kafka/connection/login.ts';
import type { ClusterSettings } from '../../../../src/kafka/connection/settings.ts';
import { listen, type TestServer } from '../../../support/servers.ts';

const metadata = 3;
const saslHandshake = 17;
const apiVersions = 18;
const saslAuthenticate = 36;

const int16 = (value: number) => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
const int32 = (value: number) => Buffer.concat([int16(value >> 16), int16(value)]);

interface Asked {
  readonly server: TestServer;
  /** How often each API was asked. */
  readonly counts: Map<number, number>;
}

/** A broker with the mechanism PLAIN that takes every user, for sessions of this many ms. */
async function brokerWithSessions(lifetimeMs: bigint): Promise<Asked> {
  const lifetime = Buffer.alloc(8);
  lifetime.writeBigInt64BE(lifetimeMs);
  const answers: Readonly<Record<number, (version: number) => Buffer>> = {
    [apiVersions]: (version) =>
      Buffer.concat([
        int16(0),
        int32(4),
        ...[metadata, saslHandshake, apiVersions, saslAuthenticate].map((key) =>
          Buffer.concat([int16(key), int16(0), int16(1)]),
        ),
        version > 0 ? int32(0) : Buffer.alloc(0),
      ]),
    [saslHandshake]: () => Buffer.concat([int16(0), int32(1), int16(5), Buffer.from('PLAIN')]),
    [saslAuthenticate]: () => Buffer.concat([int16(0), int16(-1), int32(0), lifetime]),
    [metadata]: () => Buffer.from('done'),
  };
  const counts = new Map<number, number>();
  const server = await listen((socket) => {
    let unread = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      while (unread.length >= 4 && unread.length >= 4 + unread.readInt32BE(0)) {
        const frame = unread.subarray(4, 4 + unread.readInt32BE(0));
        unread = unread.subarray(4 + frame.length);
        const key = frame.readInt16BE(0);
        counts.set(key, (counts.get(key) ?? 0) + 1);
        const answer = Buffer.concat([frame.subarray(4, 8), answers[key]!(frame.readInt16BE(2))]);
        socket.write(Buffer.concat([int32(answer.length), answer]));
      }
    });
  });
  return { server, counts };
}

async function afterRequests(lifetimeMs: bigint, requests: number): Promise<number> {
  const { server, counts } = await brokerWithSessions(lifetimeMs);
  const address = { host: '127.0.0.1', port: server.port };
  const settings: ClusterSettings = {
    bootstrapServers: [address],
    clientId: 'kt',
    timeoutMs: 5_000,
    addressMap: new Map(),
    sasl: { mechanism: 'PLAIN', username: 'ada', password: 'x' },
  };
  const link = new Link({
    facts: { hasServed: false },
    address,
    settings,
    login: loginOf(settings.sasl!, settings),
    trace: undefined,
    versions: (ask) => ask(),
  });
  try {
    for (let i = 0; i < requests; i++) {
      await link.ready();
      const answer = await link.exchange({
        apiName: 'Metadata',
        apiVersion: 0,
        expectResponse: true,
        frame: (id) => [int32(10), int16(metadata), int16(0), int32(id), int16(-1)],
      });
      assert.equal(answer?.toString(), 'done');
    }
    return counts.get(saslAuthenticate) ?? 0;
  } finally {
    link.drop(new Error('done'));
    await server.close();
  }
}

test('a session may last any number of milliseconds: a broker says 30001 as soon as 30000', async () => {
  for (const lifetime of [30_001n, 29_999n, 12_345_679n, 2n ** 63n - 1n]) {
    assert.equal(await afterRequests(lifetime, 3), 1, `${lifetime} ms`);
  }
});

test('a session without an end is never renewed, however a broker says so', async () => {
  for (const lifetime of [0n, -1n, -30_001n]) assert.equal(await afterRequests(lifetime, 3), 1, `${lifetime} ms`);
});

test('a session of one millisecond is renewed before requests, which are all answered', async () => {
  assert.ok((await afterRequests(1n, 3)) >= 1);
});
