/** A proxy for a broker that counts what it is asked. */
import net from 'node:net';
import { listen, type TestServer } from './servers.ts';

export interface CountingServer extends TestServer {
  /** Each request: when it came, in ms, and its API key; oldest first. */
  readonly requests: readonly { readonly at: number; readonly api: number }[];
}

/** Passes everything on to `localhost:port` and back. */
export async function counting(target: number): Promise<CountingServer> {
  const requests: { at: number; api: number }[] = [];
  const server = await listen((socket) => {
    const upstream = net.connect(target, 'localhost');
    upstream.setNoDelay(true);
    socket.setNoDelay(true);
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        requests.push({ at: performance.now(), api: rest.readInt16BE(4) });
        rest = rest.subarray(4 + rest.readInt32BE(0));
      }
    });
    socket.pipe(upstream).pipe(socket);
  });
  return { ...server, requests };
}

/** The most requests that came within so many milliseconds. @param requests oldest first */
export function mostWithin<R extends { readonly at: number }>(requests: readonly R[], ms: number): readonly R[] {
  let most: readonly R[] = [];
  let from = 0;
  for (const [index, { at }] of requests.entries()) {
    while (requests[from]!.at <= at - ms) from++;
    if (index - from + 1 > most.length) most = requests.slice(from, index + 1);
  }
  return most;
}
