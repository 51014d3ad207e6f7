/** Requests to a registry: which of its addresses, as whom, how often, and what an answer is worth. */
import { KtError } from '../../base/errors.ts';
import type { Tunnels } from '../../base/http/agents.ts';
import { type HttpAnswer, type HttpRequest, HttpSender } from '../../base/http/http.ts';
import { pause } from '../../base/pause.ts';
import { Authorization } from './authorization.ts';
import { readJson } from './body.ts';
import { RegistryError } from './error.ts';
import { noAnswer, refusal, unavailable } from './failure.ts';
import type { RegistrySettings } from './settings.ts';

const mostRedirects = 3;
/** Answers that another address of the registry may improve on; after 429 it would only be asked more. */
const elsewhere: ReadonlySet<number> = new Set([502, 503, 504]);

export interface Asked {
  readonly method?: HttpRequest['method'];
  /** Parts of the path; each is encoded. */
  readonly path: readonly (string | number)[];
  /** Absent values are left out. */
  readonly query?: Readonly<Record<string, string | boolean | undefined>>;
  /** Becomes JSON. */
  readonly body?: unknown;
  /** The answer is a text, whatever is in it. */
  readonly isText?: boolean;
  /** What it is for: `list the subjects`; for errors. */
  readonly what: string;
}

export interface ClientOptions {
  /** Ends every request. */
  readonly signal: AbortSignal;
  /** Is given a line for each request. */
  readonly trace?: ((text: string) => void) | undefined;
  /** What opens its connections; undefined for direct ones. */
  readonly tunnels?: Tunnels | undefined;
}

export class RegistryClient {
  readonly settings: RegistrySettings;
  readonly #sender: HttpSender;
  readonly #authorization: Authorization;
  readonly #options: ClientOptions;
  /** The address that answered last: it is asked first. */
  #first = 0;

  constructor(settings: RegistrySettings, options: ClientOptions) {
    this.settings = settings;
    this.#options = options;
    this.#sender = new HttpSender(settings.timeoutMs, settings.tls, options.signal, options.tunnels);
    this.#authorization = new Authorization(settings.auth, this.#sender);
  }

  /**
   * The JSON value of a successful answer, or its text; undefined where its body is empty.
   * @throws RegistryError `refused` with what the registry answered, `connection` when no address answers; the signal's reason
   */
  async ask(asked: Asked): Promise<unknown> {
    const { urls } = this.settings;
    let last: unknown;
    for (let tried = 0; tried < urls.length; tried++) {
      const at = (this.#first + tried) % urls.length;
      try {
        const value = await this.#askAt(urls[at]!, asked);
        this.#first = at;
        return value;
      } catch (error) {
        last = error;
        if (!mayAskElsewhere(error, asked)) throw error;
      }
    }
    throw last;
  }

  close(): void {
    this.#sender.close();
  }

  async #askAt(base: string, asked: Asked): Promise<unknown> {
    const url = addressOf(base, asked);
    let answer = await this.#send(base, url, asked);
    if (answer.status === 401 && this.#authorization.renew()) answer = await this.#send(base, url, asked);
    const wait = unavailable.has(answer.status) ? retryAfterMs(answer.retryAfter) : undefined;
    if (wait !== undefined && wait <= this.settings.timeoutMs) {
      await pause(wait, this.#options.signal);
      answer = await this.#send(base, url, asked);
    }
    if (answer.status < 200 || answer.status > 299) throw refusal(asked.what, base, answer, this.settings);
    if (asked.isText) return answer.body;
    const value = readJson(answer.body);
    if (value === undefined && answer.body.trim() !== '') {
      throw refusal(asked.what, base, { ...answer, status: 200 }, this.settings);
    }
    return value;
  }

  /** One request and the redirects that it leads to. Another host gets neither credentials nor headers. */
  async #send(base: string, first: URL, { what, method = 'GET', body }: Asked): Promise<HttpAnswer> {
    let url = first;
    for (let redirects = 0; ; redirects++) {
      const ours = url.origin === first.origin;
      const authorization = ours ? await this.#authorization.header() : undefined;
      const request: HttpRequest = {
        method,
        url,
        headers: {
          Accept: 'application/vnd.schemaregistry.v1+json, application/json',
          'User-Agent': 'kt',
          ...(body !== undefined && { 'Content-Type': 'application/vnd.schemaregistry.v1+json' }),
          ...(ours && this.settings.headers),
          ...(authorization !== undefined && { Authorization: authorization }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
      const through = this.#sender.through(url);
      const start = performance.now();
      const answer = await this.#sender.send(request, ours).catch((error: unknown) => {
        if (this.#options.signal.aborted) throw this.#options.signal.reason;
        throw noAnswer(what, base, error, { ...this.settings, through });
      });
      const way = through === undefined ? '' : ` through ${through}`;
      const ms = Math.round(performance.now() - start);
      this.#options.trace?.(`${method} ${shown(url)}${way}: HTTP ${answer.status}, ${ms} ms`);
      const next = redirects < mostRedirects ? redirected(answer, url, method) : undefined;
      if (!next) return answer;
      url = next;
    }
  }
}

function shown({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search}`;
}

function addressOf(base: string, { path, query = {} }: Asked): URL {
  const url = new URL(`${base}/${path.map((part) => encodeURIComponent(part)).join('/')}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** A redirect of a change counts only where it says that the method stays (307, 308); one to plain http from https never does. */
function redirected({ status, location }: HttpAnswer, from: URL, method: string): URL | undefined {
  const keeps = status === 307 || status === 308;
  if (location === undefined || !(keeps || (method === 'GET' && [301, 302, 303].includes(status)))) return undefined;
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (!to || !/^https?:$/.test(to.protocol) || (from.protocol === 'https:' && to.protocol === 'http:')) return undefined;
  to.username = '';
  to.password = '';
  return to;
}

/** What was sent once may have been done: a change is repeated elsewhere only if it never arrived. */
function mayAskElsewhere(error: unknown, { method = 'GET' }: Asked): boolean {
  if (!(error instanceof RegistryError) || error.kind !== 'connection') return false;
  if (error.status !== undefined) return elsewhere.has(error.status);
  // A proxy that gave no connection has sent nothing.
  if (error.cause instanceof KtError) return true;
  return method === 'GET' || /REFUSED|Refused|ENOTFOUND|EAI_AGAIN|FailedToOpenSocket|UNREACH/.test(error.code ?? '');
}

/** Milliseconds of a Retry-After header, in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfterMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
