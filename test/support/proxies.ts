/** A SOCKS5 and an HTTP CONNECT proxy on the loopback, as small as they can be, written from RFC 1928, 1929 and 9110. */
import { once } from 'node:events';
import net from 'node:net';
import { listen, type TestServer } from './servers.ts';

export interface TestProxy extends TestServer {
  /** `socks5://localhost:1080` */
  readonly url: string;
  /** What it was asked to connect to, `host:port` each, in order. */
  readonly targets: readonly string[];
  /** Ends all that it has connected. */
  cut(): void;
}

export interface ProxyOptions {
  /** Without them it takes no other client. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Where it connects instead, for a `host:port` whose name only it knows. */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** Takes bytes from a socket, as many as are asked for. */
function reader(socket: net.Socket) {
  let held = Buffer.alloc(0);
  const more = async () => {
    const [chunk] = (await once(socket.resume(), 'data')) as [Buffer];
    socket.pause();
    held = Buffer.concat([held, chunk]);
  };
  return {
    async bytes(count: number): Promise<Buffer> {
      while (held.length < count) await more();
      const taken = held.subarray(0, count);
      held = held.subarray(count);
      return taken;
    },
    async until(end: string): Promise<string> {
      while (!held.includes(end)) await more();
      return (await this.bytes(held.indexOf(end) + end.length)).toString();
    },
  };
}

async function proxy(
  protocol: 'socks5' | 'http',
  options: ProxyOptions,
  serve: (socket: net.Socket, connect: (target: string) => Promise<net.Socket>) => Promise<void>,
): Promise<TestProxy> {
  const targets: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = await listen((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const connect = async (target: string) => {
      targets.push(target);
      const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(options.hosts?.[target] ?? target)!;
      const upstream = net.connect(Number(port), host);
      socket.on('close', () => upstream.destroy());
      await once(upstream, 'connect');
      upstream.on('error', () => socket.destroy());
      return upstream;
    };
    serve(socket, connect).catch(() => socket.destroy());
  });
  return {
    ...server,
    url: `${protocol}://${server.address}`,
    targets,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function join(socket: net.Socket, upstream: net.Socket): void {
  socket.pipe(upstream).pipe(socket);
  upstream.on('close', () => socket.destroy());
}

/** By the error code of a failed connection (RFC 1928, section 6). */
const replies: Readonly<Record<string, number>> = { ECONNREFUSED: 5, ENOTFOUND: 4, EAI_AGAIN: 4 };

export function socksProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const method = options.user ? 2 : 0;
  return proxy('socks5', options, async (socket, connect) => {
    const from = reader(socket);
    const [, methods] = await from.bytes(2);
    if (!(await from.bytes(methods!)).includes(method)) return void socket.end(Buffer.from([5, 0xff]));
    socket.write(Buffer.from([5, method]));
    if (options.user) {
      const text = async () => (await from.bytes((await from.bytes(1))[0]!)).toString();
      await from.bytes(1);
      const [name, password] = [await text(), await text()];
      const isRight = name === options.user.name && password === options.user.password;
      socket.write(Buffer.from([1, isRight ? 0 : 1]));
      if (!isRight) return void socket.end();
    }
    const kind = (await from.bytes(4))[3];
    const host =
      kind === 3
        ? (await from.bytes((await from.bytes(1))[0]!)).toString()
        : kind === 1
          ? (await from.bytes(4)).join('.')
          : `[${(await from.bytes(16)).toString('hex').replace(/.{4}(?=.)/g, '$&:')}]`;
    const port = (await from.bytes(2)).readUInt16BE();
    const reply = (code: number) => socket.write(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
    try {
      const upstream = await connect(`${host}:${port}`);
      reply(0);
      join(socket, upstream);
    } catch (error) {
      reply(replies[(error as NodeJS.ErrnoException).code ?? ''] ?? 1);
      socket.end();
    }
  });
}

export function httpProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  return proxy('http', options, async (socket, connect) => {
    const request = await reader(socket).until('\r\n\r\n');
    const [, target] = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(request) ?? [];
    const answer = (line: string, headers = '') => socket.write(`HTTP/1.1 ${line}\r\n${headers}\r\n`);
    if (target === undefined) return void answer('405 Method Not Allowed');
    const { user } = options;
    const [, given] = /\r\nProxy-Authorization: Basic (\S+)\r\n/i.exec(request) ?? [];
    if (user && Buffer.from(given ?? '', 'base64').toString() !== `${user.name}:${user.password}`) {
      return void answer('407 Proxy Authentication Required', 'Proxy-Authenticate: Basic realm="test"\r\n');
    }
    try {
      const upstream = await connect(target);
      answer('200 Connection established');
      join(socket, upstream);
    } catch {
      answer('502 Bad Gateway');
      socket.end();
    }
  });
}
