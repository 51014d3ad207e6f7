/** What a registry's refusal, or the lack of an answer, becomes for the user: which address, what happened, what to do next. */
import { KtError } from '../../base/errors.ts';
import type { HttpAnswer } from '../../base/http/http.ts';
import { type TlsFailure, tlsFailure, tlsWords } from '../../base/tls-failure.ts';
import { type ErrorBody, readErrorBody } from './body.ts';
import { errorName, RegistryError } from './error.ts';
import type { RegistrySettings } from './settings.ts';

/** Statuses of a registry, or a proxy before it, that cannot serve at the moment. */
export const unavailable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** @param what the work that was to be done: `list the subjects` */
export function refusal(what: string, url: string, answer: HttpAnswer, { auth, origin }: RegistrySettings): RegistryError {
  const { status } = answer;
  const body = readErrorBody(answer.body);
  if (unavailable.has(status)) {
    return new RegistryError('connection', `cannot ${what} (${url} is unavailable: ${said(status, body)})`, {
      code: `HTTP_${status}`,
      hint: 'try again in a moment',
      status,
    });
  }
  if (status < 400) {
    return new RegistryError('connection', `cannot ${what} (${url} did not answer as a schema registry does: HTTP ${status})`, {
      code: 'NOT_A_REGISTRY',
      hint: `check the address (${origin}); some registries serve Confluent's API below a path, such as /apis/ccompat/v7`,
      status,
    });
  }
  return new RegistryError('refused', `cannot ${what} (${said(status, body)})`, {
    code: errorName(status, body.errorCode),
    hint: hintFor(status, body, url, auth !== undefined, origin),
    status,
  });
}

/** `HTTP 409: Incompatible …`, in one line, and not the Java exception that some registries begin with. */
function said(status: number, { message }: ErrorBody): string {
  const text = message
    .replace(/\s+/g, ' ')
    .replace(/^([\w.$]+(Exception|Error): )+/, '')
    .trim()
    .replace(/\.$/, '');
  const short = text.length > 600 ? `${text.slice(0, 600)}…` : text;
  return short === '' ? `the registry answered HTTP ${status}` : short;
}

function hintFor(status: number, { errorCode }: ErrorBody, url: string, hasAuth: boolean, origin: string): string | undefined {
  if (status === 401) {
    return hasAuth
      ? 'check basic.auth.user.info or bearer.auth.*'
      : `give a user: -X 'basic.auth.user.info=USER:\${env:PASSWORD}', or -X 'bearer.auth.token=\${env:TOKEN}'`;
  }
  if (status === 403) return 'ask for the right to do this, or use another user';
  // Confluent's own codes have five digits; an unknown path has none, 0 or 404.
  if (status === 404 && (errorCode ?? 0) < 40_000) {
    return `is ${url} the address of the registry's Confluent API (${origin})? Apicurio has it at /apis/ccompat/v7`;
  }
  if (status === 404) return 'kt schemas list shows the subjects; --deleted those that were deleted too';
  if (status === 409) return 'kt schemas check shows what breaks; kt schemas compatibility shows the level';
  return undefined;
}

interface Way extends RegistrySettings {
  /** The proxy's URL; undefined without one. */
  readonly through?: string | undefined;
}

/** @param error what the request ended with: never an interruption */
export function noAnswer(what: string, url: string, error: unknown, { origin, tls, through }: Way): RegistryError {
  if (error instanceof KtError) return noTunnel(what, error);
  const { code, message } = error as NodeJS.ErrnoException;
  const { why, hint } = explain(code, message, new URL(url), origin, tls?.ca !== undefined);
  const way = through === undefined ? '' : ` through ${through}`;
  return new RegistryError('connection', `cannot ${what} (no answer from ${url}${way}: ${why})`, {
    code: code ?? 'NETWORK_EXCEPTION',
    hint,
    cause: error,
  });
}

/** @param cause `no connection to registry:8081 through socks5://bastion:1080 (WHY)` */
function noTunnel(what: string, cause: KtError): RegistryError {
  const { message, code, hint } = cause;
  return new RegistryError('connection', `cannot ${what} (${message.replace(/ \((.*)\)$/s, ': $1')})`, { code, hint, cause });
}

interface Explanation {
  readonly why: string;
  readonly hint: string;
}

function explain(code = '', message: string, { hostname, protocol }: URL, origin: string, hasCa: boolean): Explanation {
  const text = message.replace(/\s*\n[\s\S]*/, '').replace(/\.$/, '');
  // Bun's word for what Node calls ECONNREFUSED and ENOTFOUND alike.
  if (code === 'ECONNREFUSED' || code === 'ConnectionRefused') {
    return { why: 'connection refused', hint: `is the registry running, and its address right (${origin})?` };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'FailedToOpenSocket') {
    return { why: `host name ${hostname} not found`, hint: `check the address (${origin})` };
  }
  if (code === 'ETIMEDOUT' || code === 'ConnectionTimeout') {
    return { why: text, hint: 'check the address, the VPN and the firewall; --timeout 30s waits longer' };
  }
  const tls = tlsFailure(text, code);
  if (tls) return tlsExplanation(tls, text, hasCa);
  if (/ECONNRESET|EPIPE|ECONNABORTED|ConnectionClosed/.test(code) || /socket hang up|closed/i.test(text)) {
    return {
      why: 'it closed the connection',
      hint: protocol === 'http:' ? 'does it want TLS? then its address begins with https://' : 'is it a schema registry?',
    };
  }
  return { why: text, hint: `check the address (${origin})` };
}

function tlsExplanation(failure: TlsFailure, text: string, hasCa: boolean): Explanation {
  const failed = `the TLS handshake failed: ${tlsWords(text)}`;
  switch (failure) {
    case 'untrusted':
      return {
        why: `its certificate is not trusted: ${text}`,
        hint: hasCa
          ? 'the authorities in schema.registry.ssl.truststore.location did not sign it'
          : 'give the authority that signed it: -X schema.registry.ssl.truststore.location=ca.pem',
      };
    case 'dates':
      return { why: `its certificate: ${text}`, hint: "renew the registry's certificate, or check this machine's clock" };
    case 'name':
      return {
        why: text,
        hint: 'use a name from its certificate, or -X schema.registry.ssl.endpoint.identification.algorithm=none',
      };
    case 'handshake':
    case 'client certificate':
      return {
        why: failed,
        hint: 'does it want a client certificate? -X schema.registry.ssl.keystore.location=client.pem',
      };
    case 'versions':
    case 'cipher suites':
    case 'algorithm':
      return {
        why: failed,
        hint: 'check schema.registry.ssl.enabled.protocols, schema.registry.ssl.cipher.suites and the kind of key',
      };
    case 'no TLS':
    case 'other':
      return {
        why: failed,
        hint: 'does it speak TLS? perhaps its address begins with http://',
      };
  }
}
