/** The agents that keep connections for Node's http and https: direct ones, and those that go through something else, such as a proxy. */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';

interface Target {
  /** An IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What opens connections in place of the runtime. */
export interface Tunnels {
  /** What a target is reached through, for people; undefined for one that is reached directly. */
  through(target: Target): string | undefined;
  /** A socket that is connected to the target. @throws KtError `connection` which says whose fault it is */
  open(target: Target): Promise<Socket>;
  /** Gives up what is being opened. */
  close(): void;
}

/** Where a request to a URL connects to. */
export function targetOf({ protocol, hostname, port }: URL): Target {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

export interface Agents {
  readonly plain: http.Agent;
  readonly secure: https.Agent;
  /** For parties that see no client certificate. */
  readonly others: https.Agent;
}

const kept = { keepAlive: true, maxSockets: 8 };

export function directAgents(): Agents {
  return { plain: new http.Agent(kept), secure: new https.Agent(kept), others: new https.Agent(kept) };
}

export function tunnelAgents(tunnels: Tunnels): Agents {
  return { plain: new TunnelAgent(tunnels), secure: new SecureTunnelAgent(tunnels), others: new SecureTunnelAgent(tunnels) };
}

class TunnelAgent extends http.Agent {
  readonly #tunnels: Tunnels;

  constructor(tunnels: Tunnels) {
    super(kept);
    this.#tunnels = tunnels;
  }

  override createConnection: http.Agent['createConnection'] = ({ host, port }, done) => {
    this.#tunnels.open({ host: host!, port: Number(port) }).then((socket) => done?.(null, socket), done as Failed);
    return undefined;
  };
}

/** The same, with TLS to the target inside of the tunnel. */
class SecureTunnelAgent extends https.Agent {
  readonly #tunnels: Tunnels;

  constructor(tunnels: Tunnels) {
    super(kept);
    this.#tunnels = tunnels;
  }

  override createConnection: https.Agent['createConnection'] = (options, done) => {
    const { host: _host, port: _port, path: _path, ...security } = options as tls.ConnectionOptions & { path?: unknown };
    this.#tunnels
      .open({ host: options.host!, port: Number(options.port) })
      .then((socket) => done?.(null, tls.connect({ ...security, socket })), done as Failed);
    return undefined;
  };
}

type Failed = (error: Error) => void;
