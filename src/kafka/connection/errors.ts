/** Errors of a connection, with host, port, cause and what to do next. */
import { KtError, type KtErrorOptions } from '../../base/errors.ts';
import { formatSize } from '../../base/units.ts';
import { WireError } from '../wire/reader.ts';
import { NoToken } from './bearer/no-token.ts';
import { oneLine, rootCause, textOf } from './causes.ts';
import { NoTicket } from './kerberos/no-ticket.ts';
import { NotOffered } from './not-offered.ts';
import { type Route, routeText, routeTo } from './route.ts';
import { describeSasl, spokenMechanisms } from './sasl.ts';
import type { ClusterSettings, HostPort } from './settings.ts';
import { type Explanation, tlsExplanation } from './tls-errors.ts';

/** What is known of a connection that failed. */
export interface FailureFacts {
  readonly inTlsHandshake?: boolean;
  /** Whether the cluster has answered a request of somebody who may ask: the security settings are right then. */
  readonly hasServed?: boolean;
}

/** The error of a broker that may accept another client certificate. */
export class RefusedCertificate extends KtError {}

/**
 * The KtError (kind `connection`) for whatever a login or a socket threw; a KtError is returned unchanged.
 * It never holds a secret: only the address, the name of the mechanism and the cause's own words.
 */
export function connectionError(
  error: unknown,
  address: HostPort,
  settings: ClusterSettings,
  facts: FailureFacts = {},
): KtError {
  if (error instanceof KtError) return error;
  const { why, hint, code, refusesCertificate } = explain(error, address, settings, facts);
  const Failure = refusesCertificate ? RefusedCertificate : KtError;
  return failed(routeTo(settings, address), why, { code, hint, cause: error }, Failure);
}

/** What an error says of the command that takes the connection apart. */
export const seeDoctor = '; kt doctor looks at the way step by step';

/** Failures that may be anywhere on the way; the hints of others name a cure. */
const anywhere: ReadonlySet<string | undefined> = new Set([
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'REQUEST_TIMED_OUT',
]);

/** Points to `kt doctor` where the error of opening a connection leaves open what to do. */
export function withDoctor(error: unknown): unknown {
  if (!(error instanceof KtError) || error.kind !== 'connection' || !anywhere.has(error.code) || !error.hint) return error;
  return new KtError(error.kind, error.message, { code: error.code, hint: `${error.hint}${seeDoctor}`, cause: error });
}

/** What a listener is told apart by that speaks TLS where the settings say no TLS. */
export function wantsTls({ sasl }: ClusterSettings): { readonly why: string; readonly hint: string } {
  const protocol = sasl ? 'SASL_SSL' : 'SSL, or SASL_SSL with a user name and password';
  return { why: 'the listener speaks TLS', hint: `add -X security.protocol=${protocol}` };
}

/** The error for bytes that no broker sends: an HTTP server's answer, a TLS alert, a banner, an unasked answer. */
export function notKafka(bytes: Buffer, address: HostPort, settings: ClusterSettings): KtError {
  const route = routeTo(settings, address);
  const text = bytes.toString('latin1', 0, 8);
  if (bytes[0] === 0x15 && bytes[1] === 0x03) {
    const { why, hint } = wantsTls(settings);
    return failed(route, why, { hint });
  }
  const who = text.startsWith('HTTP/') ? 'an HTTP server' : text.startsWith('SSH-') ? 'an SSH server' : 'something else';
  return failed(route, `${who} answered, not Kafka`, {
    hint: 'give the address of a Kafka listener with -b host:port, often port 9092',
  });
}

/**
 * What an answer may be that nobody expects to be larger, in bytes: Metadata of a million partitions has 90 MB, and no broker takes a batch
 * of more than 100 MiB unless it is told to.
 */
export const trustedAnswerBytes = 104 << 20;

/**
 * The error for bytes that answer no request, from a server that was a broker until then.
 * @param size what they claim to be, in bytes, where that was not accepted
 */
export function strangeAnswer(address: HostPort, settings: ClusterSettings, size = 0): KtError {
  const isLarge = size > trustedAnswerBytes;
  return failed(
    routeTo(settings, address),
    isLarge ? `an answer of ${formatSize(size)} is not accepted` : 'an answer arrived damaged',
    {
      code: 'CORRUPT_MESSAGE',
      hint: `${isLarge ? 'where batches are that large, allow them with --max-batch-bytes; ' : ''}is a proxy or tunnel in between? -v shows each request`,
    },
  );
}

/** The error for a TLS cipher suite that the settings do not allow. */
export function forbiddenCipher(suite: string, route: Route): KtError {
  return failed(route, `the broker chose the cipher suite ${suite}, which ssl.cipher.suites does not allow`, {
    hint: 'allow it, or restrict the suites on the broker',
  });
}

/** The error for a server that is silent while connecting; `unreached` when not even its socket connected. */
export function noAnswer(address: HostPort, settings: ClusterSettings, unreached: boolean): KtError {
  const { timeoutMs, tls } = settings;
  const route = routeTo(settings, address);
  const wait = `${timeoutMs / 1000}s`;
  const code = 'REQUEST_TIMED_OUT';
  return unreached
    ? failed(route, `the host did not answer within ${wait}`, {
        code,
        hint: 'check the address, the VPN and the firewall; --timeout 30s waits longer',
      })
    : failed(route, `it accepted the connection, then said nothing for ${wait}`, {
        code,
        hint: `is it a Kafka listener ${tls ? 'with' : 'without'} TLS? --timeout 30s waits longer`,
      });
}

/** The error for a request without an answer in time. */
export function unanswered(api: string, address: HostPort, settings: ClusterSettings, timeoutMs: number): KtError {
  return new KtError(
    'connection',
    `no answer to ${api} from ${routeText(routeTo(settings, address))} (waited ${timeoutMs / 1000}s)`,
    {
      code: 'REQUEST_TIMED_OUT',
      hint: 'is the broker healthy? --timeout 30s waits longer',
    },
  );
}

/** @param why in words, without brackets */
export function failed(route: Route, why: string, options: KtErrorOptions, Failure = KtError): KtError {
  return new Failure('connection', `no connection to ${routeText(route)} (${why})`, options);
}

function explain(error: unknown, address: HostPort, settings: ClusterSettings, facts: FailureFacts): Explanation {
  if (error instanceof NoToken) return { code: 'NO_TOKEN', why: error.message, hint: error.hint };
  if (error instanceof NoTicket) return { code: error.code, why: error.message, hint: error.hint };
  const cause = rootCause(error);
  const code = textOf(cause, 'code') ?? textOf(error, 'code');
  const type = textOf(cause, 'type') ?? textOf(error, 'type');
  const message = oneLine(cause instanceof Error ? cause.message : String(cause));
  const isClosed = closing.test(message) || code === 'ECONNRESET' || code === 'EPIPE';
  if (isClosed) return closedExplanation(code, settings, facts);
  if (cause instanceof WireError || cause instanceof RangeError || cause instanceof TypeError) {
    return {
      code: 'CORRUPT_MESSAGE',
      why: `its answer cannot be read: ${message}`,
      hint: 'is a Kafka broker listening there? -v shows each request',
    };
  }
  if (type === 'ILLEGAL_SASL_STATE') {
    return {
      code: type,
      why: 'the listener does not authenticate users',
      hint: `use the port of a SASL listener, or -X security.protocol=${settings.tls ? 'SSL' : 'PLAINTEXT'}`,
    };
  }
  if (cause instanceof NotOffered) return mechanismExplanation(settings, cause.mechanisms);
  if (type === 'SASL_AUTHENTICATION_FAILED' || textOf(error, 'name') === 'KafkaJSSASLAuthenticationError') {
    return saslExplanation(message, settings);
  }
  if (code === 'ECONNREFUSED') {
    return {
      code,
      why: 'connection refused',
      hint: 'is a broker listening there? give another address with -b host:port, or start a cluster here with kt local up',
    };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      code,
      why: `host name ${routeTo(settings, address).target.host} not found`,
      hint: 'check the name in -b; for brokers behind Docker or a tunnel, use --address-map advertised=reachable',
    };
  }
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return {
      code,
      why: 'host unreachable',
      hint: 'check the address, the VPN and the firewall; --address-map advertised=reachable gives another address to connect to',
    };
  }
  const tls = tlsExplanation(message, code, settings);
  if (tls) return tls;
  return { code: code ?? 'NETWORK_EXCEPTION', why: message, hint: 'run with -v to see each request' };
}

function saslExplanation(message: string, settings: ClusterSettings): Explanation {
  const { who, check } = settings.sasl ? describeSasl(settings.sasl) : { who: '', check: 'sasl.mechanism' };
  return {
    code: 'SASL_AUTHENTICATION_FAILED',
    why: `SASL ${settings.sasl?.mechanism} refused ${who}: ${message.replace(/^SASL .*? authentication failed: /i, '')}`,
    hint: `check ${check}`,
  };
}

function mechanismExplanation({ sasl }: ClusterSettings, offered: readonly string[]): Explanation {
  const list = offered.length > 0 ? `, only ${offered.join(', ')}` : '';
  const usable = spokenMechanisms.filter(
    (mechanism) => mechanism !== sasl?.mechanism && (offered.length === 0 || offered.includes(mechanism)),
  );
  return {
    code: 'UNSUPPORTED_SASL_MECHANISM',
    why: `the broker does not offer SASL mechanism ${sasl?.mechanism ?? ''}${list}`,
    hint:
      usable.length > 0
        ? `-X sasl.mechanism=${usable.join(' or ')}`
        : `kt speaks ${spokenMechanisms.join(', ')}: is there another listener?`,
  };
}

/** What kafkajs, Node and Bun say when the server ended the socket; during authentication, kafkajs wraps it in an authentication error. */
const closing = /closed connection|closed the connection|not connected|socket hang up|disconnected before secure/i;

function closedExplanation(code = 'NETWORK_EXCEPTION', { tls, sasl }: ClusterSettings, facts: FailureFacts): Explanation {
  if (facts.inTlsHandshake) {
    return {
      code,
      why: 'the server closed the connection in the TLS handshake',
      hint: `does this listener speak TLS? if not: -X security.protocol=${sasl ? 'SASL_PLAINTEXT' : 'PLAINTEXT'}`,
    };
  }
  const why = 'the server closed the connection';
  if (facts.hasServed) return { code, why, hint: 'is the broker going down? kt cluster health shows which are there' };
  if (sasl) return { code, why, hint: 'is the broker going down, or is this the wrong port for these security settings?' };
  const wanted = tls ? 'a user? -X security.protocol=SASL_SSL' : 'TLS or a user? -X security.protocol=SASL_SSL';
  return { code, why, hint: `does this listener want ${wanted} -X sasl.mechanism=… or --command-config FILE` };
}
