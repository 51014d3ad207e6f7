/** One socket to a broker, from connecting and authenticating until it is dropped; it is never reopened. */
import type { Socket } from 'node:net';
import { decodeFrame } from '../wire/frame.ts';
import { apiKeyOf } from '../wire/versions.ts';
import { addressText } from './address.ts';
import { connectionError, noAnswer, notKafka, strangeAnswer, trustedAnswerBytes } from './errors.ts';
import { Frames } from './frames.ts';
import type { Dial, Dialled, KafkaJsConnection } from './kafkajs.ts';
import { silentProxy } from './proxy-errors.ts';
import { type Exchange, watchAnswers, written } from './requests.ts';
import { type ProxiedRoute, routeTo } from './route.ts';
import type { ClusterSettings, HostPort, TlsSettings } from './settings.ts';
import { openSocket } from './socket.ts';

/** Gets a line for each answered request, for `-v`. */
export type Trace = ((line: string) => void) | undefined;

export interface LinkOptions {
  readonly address: HostPort;
  readonly settings: ClusterSettings;
  readonly dial: Dial;
  readonly trace: Trace;
  /** Is given the socket of a finished TLS handshake. */
  readonly secured?: (socket: Socket, tls: TlsSettings, address: string) => void;
  /** What to do between connecting and authenticating. */
  readonly greet: (dialled: Dialled) => Promise<void>;
  /** How long opening may take, in ms; by default the settings' timeout. */
  readonly timeoutMs?: number;
}

/** Limit until a broker is known to be there; an answer to ApiVersions has about 1 kB. */
const handshakeBytes = 1 << 20;
/** A session is renewed when this part of its lifetime is left, as Java's clients do. */
const renewedPart = 0.15;

export class Link {
  readonly #options: LinkOptions;
  readonly #frames = new Frames(handshakeBytes);
  #socket: Socket | undefined;
  /** While a proxy is asked for the connection. */
  #isAtProxy = false;
  /** Whether a broker is known to be there. */
  #isGreeted = false;
  #connection: KafkaJsConnection | undefined;
  /** The SASL mechanisms that the broker named. */
  #offered: readonly string[] | undefined;
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

  /**
   * Resolves when a request can be written; undefined when one can be written now. Renews a session that is about to end (KIP-368).
   * @throws KtError `connection`; the link is lost then
   */
  ready(): Promise<void> | undefined {
    if (this.#opening) return this.#opening;
    const connection = this.#connection!;
    if (!this.#options.settings.sasl || connection.isAuthenticated()) return undefined;
    return this.#begin(undefined, () => this.#authenticate(connection));
  }

  /**
   * Writes one frame and resolves with the answer's bytes after the correlation id. When no answer is expected, it resolves with `null`
   * once the system has taken the frame: otherwise frames for a slow broker would pile up without limit.
   * @throws KtError `connection` when the link is lost before the answer
   */
  async exchange(request: Exchange): Promise<Buffer | null> {
    const { address, settings } = this.#options;
    try {
      this.#assertKept();
      this.#frames.limit = Math.max(this.#frames.limit, request.answerBytes ?? 0);
      return await written(this.#connection!, request);
    } catch (error) {
      throw connectionError(error, address, settings);
    }
  }

  /** Destroys the socket; whatever waits on it rejects with the reason. */
  drop(reason: unknown): void {
    if (this.#lost) return;
    this.#lost = { reason };
    this.#interrupt?.(reason);
    this.#connection?.requestQueue.rejectAll(reason);
    // An error makes kafkajs clear the timer of its connect().
    this.#socket?.destroy(reason instanceof Error ? reason : new Error(String(reason)));
    this.#connection?.disconnect().catch(() => {});
  }

  /** Runs a handshake until it is done, the link is dropped or time is up. */
  #begin(timeoutMs = this.#options.settings.timeoutMs, work: (deadline: number) => Promise<void>): Promise<void> {
    const { address, settings } = this.#options;
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
        const known = connectionError(error, address, settings, { offeredMechanisms: this.#offered });
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
    const { address, settings, dial, trace, greet } = this.#options;
    // kafkajs is loaded while the socket connects.
    const [socket, dialled] = await Promise.all([this.#connectSocket(), dial(address, deadline)]);
    const { connection } = dialled;
    if (this.#lost) return;
    // It listens to the socket too, and would assemble frames of its own.
    connection.processData = () => {};
    connection.socketFactory = ({ onConnect }) => {
      queueMicrotask(onConnect);
      return socket;
    };
    if (trace) {
      watchAnswers(connection, ({ apiName, apiVersion }, _payload, ms) =>
        trace(`${apiName} v${apiVersion} → ${addressText(address)} ${ms.toFixed(1)} ms`),
      );
    }
    if (settings.sasl) {
      watchAnswers(connection, ({ apiKey, apiVersion }, payload) => {
        if (apiKey === apiKeyOf('SaslHandshake') && payload) this.#offered = offeredMechanisms(payload, apiVersion);
      });
    }
    this.#connection = connection;
    await connection.connect();
    await greet(dialled);
    await this.#authenticate(connection);
    this.#frames.limit = trustedAnswerBytes;
    this.#isGreeted = true;
  }

  /** Resolves once connected, the TLS handshake included. Losing the socket, before or after, drops the link. */
  async #connectSocket(): Promise<Socket> {
    const { address, settings } = this.#options;
    const route = routeTo(settings, address);
    const tunnel = route.proxy && (await this.#openTunnel({ ...route, proxy: route.proxy }));
    return new Promise((resolve) => {
      let inTlsHandshake = settings.tls !== undefined;
      const onConnect = () => {
        inTlsHandshake = false;
        if (settings.tls) this.#options.secured?.(socket, settings.tls, addressText(address));
        resolve(socket);
      };
      const socket = openSocket(route, settings.tls, tunnel, onConnect, {
        room: () => this.#frames.room(),
        filled: (count) => this.#receive(count),
      });
      this.#socket = socket;
      const lose = (error: unknown) => this.drop(connectionError(error, address, settings, { inTlsHandshake }));
      socket.on('error', lose);
      for (const event of ['end', 'close']) socket.once(event, () => lose(new Error('the server closed the connection')));
    });
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

  async #authenticate(connection: KafkaJsConnection): Promise<void> {
    await connection.authenticate();
    connection.reauthenticationThreshold = renewalThreshold(Number(connection.sessionLifetime.toString()));
  }

  #receive(count: number): void {
    const { address, settings } = this.#options;
    const queue = this.#connection?.requestQueue;
    const refuse = (bytes: Buffer, size = 0) =>
      this.drop(this.#isGreeted ? strangeAnswer(address, settings, size) : notKafka(bytes, address, settings));
    const strange = this.#frames.filled(count, (frame) => {
      const correlationId = frame.readInt32BE(0);
      // A broker answers in the order of requests. Any other id is damage, and kafkajs would take the answer for another request's.
      const [oldest] = queue?.inflight.keys() ?? [];
      if (queue && correlationId === oldest) {
        queue.fulfillRequest({ correlationId, payload: frame.subarray(4), size: frame.length });
      } else refuse(frame);
    });
    if (strange) refuse(strange, strange.readInt32BE(0));
  }
}

/**
 * How long before its end a session is renewed, in whole ms: kafkajs makes a BigInt of it. A lifetime of zero or less means a session
 * without an end (KIP-368); kafkajs knows only zero, so a threshold that is never reached stands for the others.
 */
function renewalThreshold(lifetimeMs: number): number {
  return lifetimeMs > 0 ? Math.floor(lifetimeMs * renewedPart) : Number.MIN_SAFE_INTEGER;
}

/** What the broker's answer to a SASL handshake lists, which kafkajs drops where it refuses the mechanism. */
function offeredMechanisms(payload: Buffer, version: number): readonly string[] | undefined {
  try {
    return decodeFrame('SaslHandshake', version, payload).mechanisms;
  } catch {
    // kafkajs reads the same answer, and says what is wrong with it.
    return undefined;
  }
}
