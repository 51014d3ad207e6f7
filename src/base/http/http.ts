/** One HTTP request and its answer, over Node's http and https, which Bun has too. */
import http from 'node:http';
import https from 'node:https';
import { rootCertificates } from 'node:tls';
import { whenAborted } from '../pause.ts';
import { type TlsPeer, tlsOptions } from '../tls.ts';
import { type Agents, directAgents, type Tunnels, targetOf, tunnelAgents } from './agents.ts';

/** No schema and no token is larger; an endless answer is. */
const largestBody = 32 << 20;
/** Where nothing is settled. */
const usualTls: TlsPeer = { verifyHostname: true };

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** Where a redirect leads. */
  readonly location: string | undefined;
  readonly retryAfter: string | undefined;
}

/** Sends requests over connections that are kept until it is closed. */
export class HttpSender {
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal;
  readonly #tls: TlsPeer;
  readonly #direct = directAgents();
  readonly #tunnels: Tunnels | undefined;
  readonly #tunnelled: Agents | undefined;

  /**
   * @param timeoutMs for each request, from its start to the last byte of the answer
   * @param tunnels undefined to connect directly
   */
  constructor(timeoutMs: number, tls: TlsPeer = usualTls, signal: AbortSignal, tunnels?: Tunnels) {
    this.#timeoutMs = timeoutMs;
    this.#tls = tls;
    this.#signal = signal;
    this.#tunnels = tunnels;
    this.#tunnelled = tunnels && tunnelAgents(tunnels);
  }

  /** What requests to a URL go through, for people; undefined where they go directly. */
  through(url: URL): string | undefined {
    return this.#tunnels?.through(targetOf(url));
  }

  /**
   * Follows no redirects.
   * @param ours false for another party than the one that `tls` is for, such as a token endpoint: it sees no client certificate, and system
   * authorities count too
   * @throws Error with a system or TLS `code`, the tunnels' own, `ETIMEDOUT` after the time limit; the signal's reason
   */
  send(request: HttpRequest, ours = true): Promise<HttpAnswer> {
    if (this.#signal.aborted) return Promise.reject(this.#signal.reason);
    const { url, method, headers, body } = request;
    const secure = url.protocol === 'https:';
    const sent = body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
    const options = {
      method,
      headers: sent,
      agent: this.#agent(url, ours),
      ...(secure && tlsOptions(ours ? this.#tls : guestTls(this.#tls), targetOf(url).host)),
    };
    return new Promise((resolve, reject) => {
      const end = (error: Error): void => {
        done();
        reject(error);
        asked.destroy();
      };
      const timer = setTimeout(
        () => end(coded('ETIMEDOUT', `no answer within ${Number((this.#timeoutMs / 1000).toPrecision(3))}s`)),
        this.#timeoutMs,
      );
      const release = whenAborted(this.#signal, () => end(this.#signal.reason));
      const done = (): void => {
        clearTimeout(timer);
        release();
      };
      const asked = (secure ? https : http).request(url, options, (answer) => {
        const pieces: Buffer[] = [];
        let length = 0;
        answer.on('data', (piece: Buffer) => {
          length += piece.length;
          if (length > largestBody) end(coded('EMSGSIZE', 'its answer is too large'));
          else pieces.push(piece);
        });
        answer.on('error', end);
        answer.on('close', () => answer.complete || end(coded('ECONNRESET', 'the connection was closed within the answer')));
        answer.on('end', () => {
          done();
          const { location, 'retry-after': retryAfter } = answer.headers;
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8'), location, retryAfter });
        });
      });
      asked.on('error', end);
      asked.end(body);
    });
  }

  close(): void {
    for (const agents of [this.#direct, this.#tunnelled ?? {}]) {
      for (const agent of Object.values<http.Agent>(agents)) agent.destroy();
    }
    this.#tunnels?.close();
  }

  #agent(url: URL, ours: boolean): http.Agent {
    const { plain, secure, others } = (this.through(url) !== undefined && this.#tunnelled) || this.#direct;
    return url.protocol === 'https:' ? (ours ? secure : others) : plain;
  }
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** For a party that the settings are not for: its authority is perhaps a public one, and the client certificate is none of its business. */
function guestTls({ cert: _cert, key: _key, ca, ...rest }: TlsPeer): TlsPeer {
  return { ...rest, ...(ca !== undefined && { ca: [...rootCertificates, ca].join('\n') }) };
}
