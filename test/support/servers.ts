/** Servers on the loopback that are not Kafka brokers: silent, misbehaving, or proxies for a real one. */
import { once } from 'node:events';
import net from 'node:net';

export interface TestServer {
  readonly port: number;
  /** `localhost:PORT` */
  readonly address: string;
  /** How many connections have been made. */
  readonly connections: () => number;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Listens on a free port, on 127.0.0.1 unless another host is given. */
export async function listen(onSocket: (socket: net.Socket) => void, host = '127.0.0.1'): Promise<TestServer> {
  const sockets = new Set<net.Socket>();
  let count = 0;
  const server = net.createServer((socket) => {
    count++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    address: `${host === '127.0.0.1' ? 'localhost' : `[${host}]`}:${port}`,
    connections: () => count,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A server that answers the first bytes it gets with these chunks and keeps the connection open. */
export function answering(...chunks: readonly (string | Buffer)[]): Promise<TestServer> {
  return listen((socket) => {
    socket.once('data', async () => {
      for (const chunk of chunks) {
        socket.write(chunk);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
  });
}

/** A server that accepts connections and never answers. */
export function mute(): Promise<TestServer> {
  return listen((socket) => socket.resume());
}

/** Passes everything on to `localhost:port` and back. `chunkBytes` cuts the answers into chunks. */
export function forwarding(target: number, host?: string, chunkBytes?: number): Promise<TestServer> {
  return listen((socket) => {
    const upstream = net.connect(target, 'localhost');
    upstream.setNoDelay(true);
    socket.setNoDelay(true);
    socket.pipe(upstream);
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => socket.destroy());
    upstream.on('data', (chunk: Buffer) => {
      const size = chunkBytes ?? chunk.length;
      for (let at = 0; at < chunk.length; at += size) socket.write(chunk.subarray(at, at + size));
    });
  }, host);
}

export interface HoldableServer extends TestServer {
  /** Holds back the broker's answers from now on. */
  hold(): void;
  /** Passes them on again, those held back first. */
  release(): void;
  /** Resets every connection. */
  cut(): void;
  /** How many connections are open. */
  open(): number;
}

/** Passes everything on to `localhost:port`, and answers back unless they are held. */
export async function holdable(target: number): Promise<HoldableServer> {
  const upstreams = new Map<net.Socket, net.Socket>();
  let held = false;
  const server = await listen((socket) => {
    const upstream = net.connect(target, 'localhost');
    upstreams.set(socket, upstream);
    socket.pipe(upstream);
    upstream.on('error', () => socket.destroy());
    upstream.on('data', (chunk) => socket.write(chunk));
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => {
      upstreams.delete(socket);
      upstream.destroy();
    });
    if (held) upstream.pause();
  });
  return {
    ...server,
    hold() {
      held = true;
      for (const upstream of upstreams.values()) upstream.pause();
    },
    release() {
      held = false;
      for (const upstream of upstreams.values()) upstream.resume();
    },
    cut() {
      for (const socket of upstreams.keys()) socket.resetAndDestroy();
    },
    open: () => upstreams.size,
  };
}

/** Passes everything on to `localhost:port`; its answers only once this many requests have come on the connection. */
export function answeringAfter(count: number, target: number): Promise<TestServer> {
  return listen((socket) => {
    const upstream = net.connect(target, 'localhost').pause();
    let rest = Buffer.alloc(0);
    let missing = count;
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (; rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0); missing--)
        rest = rest.subarray(4 + rest.readInt32BE(0));
      if (missing <= 0) upstream.resume();
    });
    socket.pipe(upstream);
    upstream.on('error', () => socket.destroy());
    upstream.on('data', (chunk) => socket.write(chunk));
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  });
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await listen(() => {});
  await server.close();
  return server.port;
}

/** Changes a broker's answer, which begins with its size: returns the bytes to pass on, or nothing if it dealt with the socket itself. */
export type Damage = (answer: Buffer, socket: net.Socket) => Buffer | unknown;

/** Passes everything on to `localhost:port`, and its answers back as changed by `damage`. */
export function damaging(target: number, damage: Damage): Promise<TestServer> {
  return listen((socket) => {
    const upstream = net.connect(target, 'localhost');
    let rest = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.pipe(upstream);
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => socket.end());
    upstream.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const size = rest.length < 4 ? Number.POSITIVE_INFINITY : 4 + rest.readInt32BE(0);
        if (rest.length < size) return;
        const bytes = damage(rest.subarray(0, size), socket);
        rest = rest.subarray(size);
        if (bytes instanceof Buffer && socket.writable) socket.write(bytes);
      }
    });
  });
}
