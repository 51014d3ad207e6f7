/** Servers that a test has behave as brokers nearly do: what they answer to the first questions, and what they were asked. */
import type net from 'node:net';
import { encoder } from '../../src/kafka/wire/codec.ts';
import type { ApiName } from '../../src/kafka/wire/generated/types.ts';
import { Writer } from '../../src/kafka/wire/writer.ts';
import { listen, type TestServer } from './servers.ts';

export const apiKeys = { metadata: 3, saslHandshake: 17, apiVersions: 18, saslAuthenticate: 36 } as const;
const { metadata, saslHandshake, apiVersions, saslAuthenticate } = apiKeys;

export interface Asked {
  readonly api: number;
  readonly version: number;
  readonly id: Buffer;
}

/** What a server does with the requests that it has not answered yet: it takes those that it answers or drops. */
export type Behaviour = (waiting: Asked[], socket: net.Socket) => void;

export function frame({ id }: Asked, body: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(id.length + body.length);
  return Buffer.concat([size, id, body]);
}

export function bodyOf(api: ApiName, version: number, body: unknown): Buffer {
  const writer = new Writer();
  encoder('response', api, version)(writer, body);
  return writer.written();
}

/**
 * @param upTo the newest version of Metadata that the broker knows
 * @param more the newest versions of other APIs, by their keys
 */
export function versionsAnswer(request: Asked, upTo: number, more: Readonly<Record<number, number>> = {}): Buffer {
  const known = [
    ...Object.entries(more).map(([apiKey, maxVersion]) => ({ apiKey: Number(apiKey), minVersion: 0, maxVersion })),
    { apiKey: metadata, minVersion: 0, maxVersion: upTo },
    { apiKey: saslHandshake, minVersion: 0, maxVersion: 1 },
    { apiKey: saslAuthenticate, minVersion: 0, maxVersion: 1 },
  ];
  return frame(request, bodyOf('ApiVersions', request.version, { errorCode: 0, apiKeys: known, throttleTimeMs: 0 }));
}

const oneBroker = [{ nodeId: 1, host: 'localhost', port: 9092, rack: null }];

export function metadataAnswer(
  request: Asked,
  topics: readonly string[] = ['orders'],
  brokers = oneBroker,
  controllerId = 1,
): Buffer {
  const body = {
    throttleTimeMs: 0,
    brokers,
    clusterId: 'c',
    controllerId,
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
export async function serverOf(behaviour: Behaviour) {
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
export function brokerUpTo(newest: number, topics?: readonly string[], brokers?: typeof oneBroker): Behaviour {
  return (waiting, socket) => {
    for (const request of waiting.splice(0)) {
      if (request.api === apiVersions) socket.write(versionsAnswer(request, newest));
      else if (request.api === metadata && request.version <= newest) socket.write(metadataAnswer(request, topics, brokers));
      else return void socket.end();
    }
  };
}
