/** Finds free ports on this machine, and who uses a busy one. */
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { KtError } from '../base/errors.ts';
import { portOwners } from './state.ts';

const loopback = '127.0.0.1';

/** Whether the port can be bound on the loopback. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: loopback, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Below the range used for outgoing connections, so that a broker finds its port still free when it restarts. */
const lowestPort = 20_000;
const highestPort = 32_000;
const mostTries = 1_000;

/** `count` different free ports that are not given away already. Nothing holds them: whoever binds first has them. */
export async function freePorts(count: number, isGiven: (port: number) => boolean = () => false): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries === mostTries) throw new KtError('connection', `no free port on ${loopback}`);
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    if (!isGiven(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

/** A process counts as gone a moment before the system has closed its sockets. */
const closingMs = 500;

async function becomesFree(port: number): Promise<boolean> {
  const deadline = performance.now() + closingMs;
  while (!(await isFree(port))) {
    if (performance.now() > deadline) return false;
    await wait(25);
  }
  return true;
}

/** @throws KtError `connection` (EADDRINUSE) naming the first busy port and, where kt can tell, who uses it */
export async function requireFree(ports: readonly number[], directory: string, name: string): Promise<void> {
  for (const port of ports) {
    if (await becomesFree(port)) continue;
    const owner = portOwners(directory, name).get(port);
    const cluster = owner?.isUp ? owner.name : undefined;
    const who = cluster ? `the local cluster ${cluster} has it` : 'another program listens there, perhaps a Kafka of its own';
    throw new KtError('connection', `port ${port} is busy (${who})`, {
      code: 'EADDRINUSE',
      hint: cluster
        ? `choose another with --port N (--port 0 takes any free one), or end it: kt local down --name ${cluster}`
        : 'choose another with --port N (--port 0 takes any free one), or use that broker if it is a Kafka',
    });
  }
}
