/** One socket to a broker, from connecting and authenticating until it is dropped; it is never reopened. */
import type { Socket } from 'node:net';
import { addressText } from './address.ts';
import { connectionError, noAnswer, notKafka, strangeAnswer, trustedAnswerBytes } from './errors.ts';
import { Frames } from './frames.ts';
import type { Dial, Dialled, KafkaJsConnection, KafkaJsRequest } from './kafkajs.ts';
import type { ClusterSettings, HostPort } from './settings.ts';
import { openSocket } from './socket.ts';

/** Gets a line for each answered request, for `-v`. */
export type Trace = ((line: string) => void) | undefined;

export interface LinkOptions {
  readonly address: HostPort;
  readonly settings: ClusterSettings;
  readonly dial: Dial;
  readonly trace: Trace;
  /** What to do between connecting and authenticating. */
  readonly greet: (dialled: Dialled) => Promise<void>;
  /** How long opening may take, in ms; by default the settings' timeout. */
  readonly timeoutMs?: number;
}

export interface Exchange {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  readonly expectResponse: boolean;
  /** The most that the answer may be, in bytes, if that is more than usual. */
  readonly answerBytes?: number | undefined;
  /** In parts, whose memory must not change until the answer comes or, where none is expected, until they are sent. */
  readonly frame: (correlationId: number) => readonly Buffer[];
}

/** Limit until a broker is known to be there; an answer to ApiVersions has about 1 kB. */
const handshakeBytes = 1 << 20;
/** A session is renewed when this part of its lifetime is left, as Java's clients do. */
const renewedPart = 0.15;

export class Link {
  readonly #options: LinkOptions;
  readonly #frames = new Frames(handshakeBytes);
  #socket: Socket | undefined;
  /** Whether a broker is known to be there. */
  #isGreeted = false;
  #connection: KafkaJsConnection | undefined;
  /** The handshake, or a later authentication, while it lasts. */
  #opening: Promise<void> | undefined;
  #interrupt: ((reason: unknown) => void) | undefined;
  /** Why it was lost. */
  #lost: { readonly reason: unknown } | undefined;

  /** Starts opening at once; `ready` says when that is done. */
  constructor(options: LinkOptions) {
    this.#options = options;
    this.#begin(options.timeoutMs, () => this.#handshake()).catch(() => {});
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
      if (this.#lost) throw this.#lost.reason;
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
  #begin(timeoutMs = this.#options.settings.timeoutMs, work: () => Promise<void>): Promise<void> {
    const { address, settings } = this.#options;
    const late = () => this.drop(noAnswer(address, settings, this.#socket?.connecting ?? true));
    const timer = setTimeout(late, timeoutMs);
    const interrupted = new Promise<never>((_resolve, reject) => {
      this.#interrupt = reject;
    });
    this.#opening = Promise.race([work(), interrupted])
      .catch((error) => {
        const known = connectionError(error, address, settings);
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

  async #handshake(): Promise<void> {
    const { address, dial, trace, greet } = this.#options;
    // kafkajs is loaded while the socket connects.
    const [socket, dialled] = await Promise.all([this.#connectSocket(), dial(address)]);
    const { connection } = dialled;
    if (this.#lost) return;
    // It listens to the socket too, and would assemble frames of its own.
    connection.processData = () => {};
    connection.socketFactory = ({ onConnect }) => {
      queueMicrotask(onConnect);
      return socket;
    };
    if (trace) traceRequests(connection, address, trace);
    this.#connection = connection;
    await connection.connect();
    await greet(dialled);
    await this.#authenticate(connection);
    this.#frames.limit = trustedAnswerBytes;
    this.#isGreeted = true;
  }

  /** Resolves once connected, the TLS handshake included. Losing the socket, before or after, drops the link. */
  #connectSocket(): Promise<Socket> {
    const { address, settings } = this.#options;
    return new Promise((resolve) => {
      let inTlsHandshake = settings.tls !== undefined;
      const onConnect = () => {
        inTlsHandshake = false;
        resolve(socket);
      };
      const socket = openSocket(settings, address, onConnect, {
        room: () => this.#frames.room(),
        filled: (count) => this.#receive(count),
      });
      this.#socket = socket;
      const lose = (error: unknown) => this.drop(connectionError(error, address, settings, inTlsHandshake));
      socket.on('error', lose);
      for (const event of ['end', 'close']) socket.once(event, () => lose(new Error('the server closed the connection')));
    });
  }

  async #authenticate(connection: KafkaJsConnection): Promise<void> {
    await connection.authenticate();
    connection.reauthenticationThreshold = renewalThreshold(Number(connection.sessionLifetime.toString()));
  }

  #receive(count: number): void {
    const { address, settings } = this.#options;
    const queue = this.#connection?.requestQueue;
    const refuse = (bytes: Buffer, size = 0) =>
      this.drop(this.#isGreeted ? strangeAnswer(address, size) : notKafka(bytes, address, settings));
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

/** Puts one frame on kafkajs's queue of open requests, which finds its answer by the correlation id. */
function written(connection: KafkaJsConnection, request: Exchange): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const { apiKey, apiName, apiVersion, expectResponse } = request;
    const correlationId = connection.nextCorrelationId();
    const frame = request.frame(correlationId);
    connection.requestQueue.push({
      entry: {
        apiKey,
        apiName,
        apiVersion,
        correlationId,
        resolve: ({ payload }) => expectResponse && resolve(payload),
        reject,
      },
      expectResponse,
      requestTimeout: null,
      sendRequest: () => {
        // One by one: Bun would copy corked parts into new memory.
        for (const part of frame.slice(0, -1)) connection.socket?.write(part);
        connection.socket?.write(frame.at(-1)!, (error) => {
          if (error) reject(error);
          else if (!expectResponse) resolve(null);
        });
      },
    });
  });
}

/** Traces each answer, including those to kafkajs's own requests. */
function traceRequests({ requestQueue }: KafkaJsConnection, address: HostPort, trace: NonNullable<Trace>): void {
  const push = requestQueue.push.bind(requestQueue);
  requestQueue.push = (request: KafkaJsRequest) => {
    const { entry } = request;
    const { apiName, apiVersion, resolve } = entry;
    const startedAt = performance.now();
    entry.resolve = (answer) => {
      trace(`${apiName} v${apiVersion} → ${addressText(address)} ${(performance.now() - startedAt).toFixed(1)} ms`);
      resolve(answer);
    };
    push(request);
  };
}
