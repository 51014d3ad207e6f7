/**
 * Plain TCP through Bun's own sockets: node:net and its streams take 2 ms to load, and time for each chunk. They have no queue, and take as much
 * of a write as the system does.
 */
import type { HostPort } from './settings.ts';
import { type BrokerSocket, pour, type SocketUser } from './socket.ts';

interface BunTcpSocket {
  setNoDelay(isOn: boolean): void;
  setKeepAlive(isOn: boolean, delayMs: number): void;
  /** How many bytes the system took; less than 0 once the socket is closed. */
  write(bytes: Buffer): number;
  terminate(): void;
}

interface BunTcpHandlers {
  open(socket: BunTcpSocket): void;
  data(socket: BunTcpSocket, chunk: Buffer): void;
  drain(socket: BunTcpSocket): void;
  end(socket: BunTcpSocket): void;
  close(socket: BunTcpSocket, error?: Error): void;
  error(socket: BunTcpSocket, error: Error): void;
  connectError(socket: BunTcpSocket, error: Error): void;
}

export interface BunTcp {
  connect(options: { hostname: string; port: number; socket: BunTcpHandlers }): Promise<unknown>;
}

interface Unsent {
  bytes: Buffer;
  readonly done: ((error?: Error | null) => void) | undefined;
}

/**
 * As `openSocket`.
 * @param again opens another socket when this one was refused: of a name's addresses Bun tells the last refusal, also where a server took
 * the connection and hung up at once
 */
export function openBunSocket(
  bun: BunTcp,
  { host, port }: HostPort,
  user: SocketUser,
  again: () => Promise<BrokerSocket>,
): BrokerSocket {
  return new BunSocket(bun, { hostname: host, port }, user, again);
}

class BunSocket implements BrokerSocket {
  readonly #user: SocketUser;
  readonly #again: () => Promise<BrokerSocket>;
  /** What is used in its place. */
  #other: BrokerSocket | undefined;
  #isRefused = false;
  #socket: BunTcpSocket | undefined;
  #unsent: Unsent[] = [];
  /** Why nothing can be written any more. */
  #lost: Error | undefined;

  constructor(bun: BunTcp, to: { hostname: string; port: number }, user: SocketUser, again: () => Promise<BrokerSocket>) {
    this.#user = user;
    this.#again = again;
    const lost = (error: Error) => this.#lose(error);
    const socket: BunTcpHandlers = {
      open: (opened) => this.#opened(opened),
      data: (_, chunk) => pour(chunk, user),
      drain: () => this.#flush(),
      end: () => lost(closedByServer()),
      close: (_, error) => lost(error ?? closedByServer()),
      error: (_, error) => lost(error),
      connectError: (_, error) => this.#notConnected(error),
    };
    bun.connect({ ...to, socket }).catch((error) => this.#notConnected(error));
  }

  get connecting(): boolean {
    return this.#other?.connecting ?? !this.#socket;
  }

  write(bytes: Buffer, done?: Unsent['done']): void {
    if (this.#other) {
      this.#other.write(bytes, done);
      return;
    }
    if (this.#lost) {
      done?.(this.#lost);
      return;
    }
    this.#unsent.push({ bytes, done });
    if (this.#unsent.length === 1) this.#flush();
  }

  destroy(reason = new Error('the connection was closed')): void {
    this.#lose(reason);
    this.#socket?.terminate();
    this.#other?.destroy(reason);
  }

  /** Bun tells it twice: to the handler, and to whoever waits. */
  #notConnected(error: Error & { readonly code?: unknown }): void {
    if (this.#isRefused || this.#lost) return;
    if (error.code !== 'ECONNREFUSED') {
      this.#lose(error);
      return;
    }
    this.#isRefused = true;
    this.#again().then(
      (other) => {
        this.#other = other;
        if (this.#lost) other.destroy(this.#lost);
      },
      (failure) => this.#lose(failure),
    );
  }

  #opened(socket: BunTcpSocket): void {
    if (this.#lost) {
      socket.terminate();
      return;
    }
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    this.#user.connected();
  }

  /** Writes until the system takes no more; `drain` says when it does again. */
  #flush(): void {
    for (let next = this.#unsent[0]; next && this.#socket; next = this.#unsent[0]) {
      const taken = this.#socket.write(next.bytes);
      if (taken < next.bytes.length) {
        next.bytes = next.bytes.subarray(Math.max(0, taken));
        return;
      }
      this.#unsent.shift();
      next.done?.();
    }
  }

  #lose(error: Error): void {
    if (this.#lost) return;
    this.#lost = error;
    for (const { done } of this.#unsent.splice(0)) done?.(error);
    this.#user.lost(error);
  }
}

function closedByServer(): Error {
  return new Error('the server closed the connection');
}
