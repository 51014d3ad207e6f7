/** Connections through the proxy to what is no broker: the schema registry, and where its tokens come from. */
import type { Socket } from 'node:net';
import { openTunnel } from './proxy.ts';
import { proxyText } from './route.ts';
import type { HostPort, ProxySettings } from './settings.ts';

export class ProxyTunnels {
  readonly #proxy: ProxySettings;
  readonly #timeoutMs: number;
  readonly #changedBy: string;
  readonly #opening = new Set<Socket>();

  /**
   * @param timeoutMs the time limit of each request: one that waits for the proxy ends by itself
   * @param changedBy the setting that names what is to be reached, for hints
   */
  constructor(proxy: ProxySettings, timeoutMs: number, changedBy: string) {
    this.#proxy = proxy;
    this.#timeoutMs = timeoutMs;
    this.#changedBy = changedBy;
  }

  /** The proxy's URL; undefined for what is to be reached without it. */
  through(target: HostPort): string | undefined {
    return this.#proxy.leavesOut?.(target) ? undefined : proxyText(this.#proxy);
  }

  /** @throws KtError `connection`, also once all is given up */
  async open(target: HostPort): Promise<Socket> {
    const route = { advertised: target, target, proxy: this.#proxy, changedBy: this.#changedBy };
    let opening: Socket | undefined;
    try {
      return await openTunnel(route, this.#timeoutMs, (socket) => {
        opening = socket;
        this.#opening.add(socket);
      });
    } finally {
      if (opening) this.#opening.delete(opening);
    }
  }

  /** Gives up what is being opened. */
  close(): void {
    for (const socket of this.#opening) socket.destroy();
  }
}
