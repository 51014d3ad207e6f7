/** Ports of this machine: free ones, and whose a busy one is. */
import { createServer } from 'node:net';
import { KtError } from '../errors.ts';
import { clusterWithPort } from './state.ts';

const loopback = '127.0.0.1';

/** Binds the port (0: any free one) on the loopback for a moment; its number, or undefined when it is taken. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: loopback, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

export async function isFree(port: number): Promise<boolean> {
  return (await tryPort(port)) !== undefined;
}

/** `count` different free ports, none of them in `taken`. */
export async function freePorts(count: number, taken: readonly number[] = []): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = await tryPort(0);
    if (port === undefined) throw new KtError('connection', `no free port on ${loopback}`);
    if (!taken.includes(port)) found.add(port);
  }
  return [...found];
}

/** @throws KtError `connection` (EADDRINUSE) naming the first busy port and, where kt can tell, whose it is */
export async function requireFree(ports: readonly number[], directory: string, name: string): Promise<void> {
  for (const port of ports) {
    if (await isFree(port)) continue;
    const owner = clusterWithPort(directory, port, name);
    const who =
      owner === undefined ? 'another program listens there, perhaps a Kafka of its own' : `the local cluster ${owner} has it`;
    throw new KtError('connection', `port ${port} is busy (${who})`, {
      code: 'EADDRINUSE',
      hint:
        owner === undefined
          ? 'choose another with --port N (--port 0 takes any free one), or use that broker if it is a Kafka'
          : `choose another with --port N (--port 0 takes any free one), or end it: kt local down --name ${owner}`,
    });
  }
}
