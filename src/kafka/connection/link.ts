/** One socket to a broker, from connecting and authenticating until it is dropped; it is never reopened. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { didWork } from '../../base/compile-eagerly.ts';
import { frameParts } from '../wire/frame.ts';
import { type ApiRanges, negotiate } from '../wire/versions.ts';
import { addressText } from './address.ts';
import { connectionError, noAnswer, notKafka, strangeAnswer, trustedAnswerBytes } from './errors.ts';
import { Frames } from './frames.ts';
import { askVersions, authenticate, type Send } from './greeting.ts';
import type { Login } from './login.ts';
import { type Exchange, OpenRequests } from './open-requests.ts';
import { openSocket } from './open-socket.ts';
import { silentProxy } from './proxy-errors.ts';
import { type ProxiedRoute, routeTo } from './route.ts';
import type { ClusterSettings, HostPort, TlsSettings } from './settings.ts';
import type { BrokerSocket } from './socket.ts';

/** Gets a line for each answered request, for `-v`. */
export type Trace = ((line: string) => void) | undefined;

export interface LinkOptions {
  readonly address: HostPort;
  readonly settings: ClusterSettings;
  /** Of the user, if there is one. */
  readonly login: Login | undefined;
  readonly trace: Trace;
  /** Is given the socket of a finished TLS handshake. */
  readonly secured?: (socket: TLSSocket, tls: TlsSettings, address: string) => void;
  /** Gives the broker's API versions, which it may ask for. */
  readonly versions: (ask: () => Promise<ApiRanges>) => Promise<ApiRanges>;
  /** What is asked right behind the broker's API versions, a round trip earlier than after their answer. Only without a login. */
  readonly along?: Exchange | undefined;
  /** How long opening may take, in ms; by default the settings' timeout. */
  readonly timeoutMs?: number;
  /** What the cluster's links have found out, for all of them. */
  readonly facts: { hasServed: boolean };
}

/** Limit of the first answer; one to ApiVersions has about 1 kB. */
const handshakeBytes = 1 << 20;
/** A session is renewed when this part of its lifetime is over, as Java's clients do (KIP-368). */
const usedPart = 0.85;

export class Link {
  readonly #options: LinkOptions;
  readonly #frames = new Frames(handshakeBytes);
  readonly #requests = new OpenRequests();
  #socket: BrokerSocket | undefined;
  /** While a proxy is asked for the connection. */
  #isAtProxy = false;
  /** Whether a broker is known to be there. */
  #isGreeted = false;
  #versions: ApiRanges = {};
  /** The answer to what was asked along. */
  #alongAnswer: Promise<Buffer | null> | undefined;
  /** When the session has to be renewed, on the clock of `performance.now()`. */
  #renewAt = Number.POSITIVE_INFINITY;
  /** The handshake, or a later authentication, while it lasts. */
  #opening: Promise<void> | undefined;
  #interrupt: ((reason: unknown) => void) | undefined;
  /** Why it was lost. */
  #lost: { readonly reason: unknown } | undefined;

  /** Starts opening at once; `ready` says when that is done. */
  constructor(options: LinkOptions) {
    this.#options = options;
    this.#begin(options.timeoutMs, (deadline) => this.#handshake(deadline)).catch(() => {});
  }

  /** Whether it was dropped or its server has gone, so that another link is needed. */
  isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Whether the broker speaks the version of a request. */
  knows({ apiName, apiVersion }: Exchange): boolean {
    return negotiate(apiName, this.#versions, apiVersion) === apiVersion;
  }

  /** Whether it got as far as to write what is asked along. */
  hasAskedAlong(): boolean {
    return this.#alongAnswer !== undefined;
  }

  /**
   * Resolves when a request can be written; undefined when one can be written now. Renews a session that is about to end (KIP-368).
   * @throws KtError `connection`; the link is lost then
   */
  ready(): Promise<void> | undefined {
    if (this.#opening) return this.#opening;
    if (performance.now() < this.#renewAt) return undefined;
    return this.#begin(undefined, () => this.#authenticate());
  }

  /**
   * Writes one frame and resolves with the answer's bytes after the correlation id. When no answer is expected, it resolves with `null`
   * once the system has taken the frame: otherwise frames for a slow broker would pile up without limit.
   * @throws KtError `connection` when the link is lost before the answer
   */
  async exchange(request: Exchange): Promise<Buffer | null> {
    const { address, settings, facts } = this.#options;
    try {
      this.#assertKept();
      this.#frames.limit = Math.max(this.#frames.limit, request.answerBytes ?? 0);
      const answer = await (request === this.#options.along && this.#alongAnswer ? this.#alongAnswer : this.#write(request));
      if (answer) facts.hasServed = true;
      return answer;
    } catch (error) {
      throw connectionError(error, address, settings, facts);
    }
  }

  /** Destroys the socket; whatever waits on it rejects with the reason. */
  drop(reason: unknown): void {
    if (this.#lost) return;
    this.#lost = { reason };
    this.#interrupt?.(reason);
    this.#requests.rejectAll(reason);
    // The reason is for requests that are still being sent.
    this.#socket?.destroy(reason instanceof Error ? reason : new Error(String(reason)));
  }

  /** Runs a handshake until it is done, the link is dropped or time is up. */
  #begin(timeoutMs = this.#options.settings.timeoutMs, work: (deadline: number) => Promise<void>): Promise<void> {
    const { address, settings, facts } = this.#options;
    const late = () => {
      const unreached = this.#socket?.connecting ?? true;
      const silent = this.#isAtProxy ? silentProxy(routeTo(settings, address), settings.timeoutMs, unreached) : undefined;
      this.drop(silent ?? noAnswer(address, settings, unreached));
    };
    const deadline = performance.now() + timeoutMs;
    const timer = setTimeout(late, timeoutMs);
    const interrupted = new Promise<never>((_resolve, reject) => {
      this.#interrupt = reject;
    });
    this.#opening = Promise.race([work(deadline), interrupted])
      .catch((error) => {
        const known = connectionError(error, address, settings, facts);
        this.drop(known);
        throw known;
      })
      .finally(() => {
        clearTimeout(timer);
        this.#opening = undefined;
        this.#interrupt = undefined;
      });
    return this.#opening;
  }

  async #handshake(deadline: number): Promise<void> {
    const { login, versions, along } = this.#options;
    // What the login needs is loaded while the socket connects.
    await Promise.all([this.#connectSocket(), login?.ready(deadline)]);
    const asking = versions(() => askVersions(this.#send));
    if (along) {
      this.#alongAnswer = this.#write(along);
      // Nobody may ask for it any more.
      this.#alongAnswer.catch(() => {});
    }
    this.#versions = await asking;
    await this.#authenticate();
    this.#isGreeted = true;
  }

  /** Resolves once connected, the TLS handshake included. Losing the socket, before or after, drops the link. */
  async #connectSocket(): Promise<void> {
    const { address, settings, secured, facts } = this.#options;
    const route = routeTo(settings, address);
    const tunnel = route.proxy && (await this.#openTunnel({ ...route, proxy: route.proxy }));
    let inTlsHandshake = settings.tls !== undefined;
    let connected = () => {};
    const isConnected = new Promise<void>((resolve) => {
      connected = resolve;
    });
    this.#socket = await openSocket(route, settings.tls, tunnel, {
      connected: (tlsSocket) => {
        inTlsHandshake = false;
        if (tlsSocket && settings.tls) secured?.(tlsSocket, settings.tls, addressText(address));
        connected();
      },
      lost: (error) => this.drop(connectionError(error, address, settings, { inTlsHandshake, ...facts })),
      room: () => this.#frames.room(),
      filled: (count) => this.#receive(count),
    });
    if (this.#lost) this.#socket.destroy();
    await isConnected;
  }

  /** A socket that a proxy has connected to the target. Losing it meanwhile rejects. */
  async #openTunnel(route: ProxiedRoute): Promise<Socket> {
    this.#isAtProxy = true;
    const { openTunnel } = await import('./proxy.ts');
    const timeoutMs = this.#options.timeoutMs ?? this.#options.settings.timeoutMs;
    this.#assertKept();
    const tunnel = await openTunnel(route, timeoutMs, (socket) => {
      this.#socket = socket;
    });
    this.#assertKept();
    this.#isAtProxy = false;
    return tunnel;
  }

  /** @throws the reason for which the link was dropped */
  #assertKept(): void {
    if (this.#lost) throw this.#lost.reason;
  }

  async #authenticate(): Promise<void> {
    const { login } = this.#options;
    if (!login) return;
    const lifetimeMs = await authenticate(this.#send, this.#versions, login, this.#options.address.host);
    this.#renewAt = lifetimeMs > 0 ? performance.now() + lifetimeMs * usedPart : Number.POSITIVE_INFINITY;
  }

  /** Sends what belongs to the handshake. */
  readonly #send: Send = async (api, version, body) => {
    const { clientId } = this.#options.settings;
    const frame = (correlationId: number) => frameParts({ api, version, correlationId, clientId, body });
    this.#assertKept();
    return (await this.#write({ apiName: api, apiVersion: version, expectResponse: true, frame }))!;
  };

  async #write(request: Exchange): Promise<Buffer | null> {
    const { trace, address } = this.#options;
    if (!trace) return this.#requests.write(this.#socket!, request);
    const startedAt = performance.now();
    const answer = await this.#requests.write(this.#socket!, request);
    const ms = (performance.now() - startedAt).toFixed(1);
    trace(`${request.apiName} v${request.apiVersion} → ${addressText(address)} ${ms} ms`);
    return answer;
  }

  #receive(count: number): void {
    didWork(count);
    const { address, settings } = this.#options;
    const refuse = (bytes: Buffer, size = 0) =>
      this.drop(this.#isGreeted ? strangeAnswer(address, settings, size) : notKafka(bytes, address, settings));
    const strange = this.#frames.filled(count, (frame) => {
      if (!this.#requests.answer(frame)) refuse(frame);
      // It answers what was asked; the next answer may be in these bytes too, and be large.
      else this.#frames.limit = Math.max(this.#frames.limit, trustedAnswerBytes);
    });
    if (strange) refuse(strange, strange.readInt32BE(0));
  }
}
