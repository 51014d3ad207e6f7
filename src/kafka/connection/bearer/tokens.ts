/** The tokens of OAUTHBEARER, from an endpoint, a command, a file or the settings; asked for when needed, and kept while they are fresh. */
import { KtError } from '../../../base/errors.ts';
import { HttpSender } from '../../../base/http/http.ts';
import { readNamedFile, whyUnreadable } from '../../../base/named-file.ts';
import { askForToken, type GivenToken, NoTokenGiven, type OAuthClient } from '../../../base/oauth/client.ts';
import { KeptToken } from '../../../base/oauth/kept-token.ts';
import { CommandFailure, printedBy } from '../../../base/secret-command.ts';
import { tlsFailure } from '../../../base/tls-failure.ts';
import type { ClusterSettings } from '../settings.ts';
import { claimsOf } from './claims.ts';
import { NoToken } from './no-token.ts';
import { sourceName, type TokenSource } from './source.ts';

export interface Tokens {
  /**
   * One that counts now.
   * @param deadline of the connection that needs it, on the clock of `performance.now()`; by default all of the settings' timeout is left
   * @throws NoToken
   */
  current(deadline?: number): Promise<string>;
  /** Gives up the token, since it was refused. */
  forget(): void;
}

/** The part of a connection's time that asking for a token may take: the connection must not run out of time first, and blame the broker. */
const shareOfTimeout = 0.9;
/** How long a token without a known end is used: by the connections that are opened together. */
const unknownLifeMs = 10_000;
const encoding = 'sasl.oauthbearer.header.urlencode';
const largestFile = 1 << 20;

export function tokensOf(source: TokenSource, settings: ClusterSettings): Tokens {
  let leftMs = settings.timeoutMs;
  const kept = new KeptToken(async () => checked(await asked(source, settings, leftMs * shareOfTimeout), sourceName(source)));
  return {
    current(deadline) {
      leftMs = deadline === undefined ? settings.timeoutMs : Math.max(1, deadline - performance.now());
      return kept.current();
    },
    forget: () => void kept.forget(),
  };
}

async function asked(source: TokenSource, settings: ClusterSettings, timeoutMs: number): Promise<GivenToken> {
  switch (source.kind) {
    case 'token':
      return { text: source.token, lifeMs: 0 };
    case 'file':
      return { text: await fromFile(source.path), lifeMs: 0 };
    case 'command':
      return { text: await fromCommand(source.command, timeoutMs), lifeMs: unknownLifeMs };
    case 'msk':
      return await (await import('./msk.ts')).mskToken(source, settings, timeoutMs);
    case 'endpoint':
      return await fromEndpoint(source, source.ca ?? settings.tls?.ca, settings, timeoutMs);
  }
}

/** @throws NoToken for what no broker would take; nothing of it is repeated */
function checked({ text, lifeMs }: GivenToken, from: string): GivenToken {
  const token = text.trim();
  // RFC 6750, 2.1.
  if (!/^[\w.~+/-]+=*$/.test(token)) {
    throw new NoToken(`what ${from} gives is no token`, 'a token has letters, digits and - . _ ~ + / = only');
  }
  const { expiresAt } = claimsOf(token) ?? {};
  if (expiresAt === undefined) return { text: token, lifeMs };
  const left = expiresAt - Date.now();
  if (left > 0) return { text: token, lifeMs: lifeMs === 0 ? 0 : left };
  throw new NoToken(
    `the token of ${from} expired at ${new Date(expiresAt).toISOString()}`,
    "get a new one, or check this machine's clock",
  );
}

async function fromFile(path: string): Promise<string> {
  try {
    const { bytes } = await readNamedFile(path, { signal: new AbortController().signal, largest: largestFile });
    return bytes.toString('utf8');
  } catch (error) {
    throw new NoToken(`no token: cannot read ${path}: ${whyUnreadable(error)}`, 'check sasl.oauthbearer.token.endpoint.url');
  }
}

async function fromCommand(command: string, timeoutMs: number): Promise<string> {
  try {
    return await printedBy(command, { signal: new AbortController().signal, timeoutMs });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new NoToken(`no token: ${error.message}`, 'run the command of sasl.oauthbearer.token.command by itself to see why');
  }
}

async function fromEndpoint(
  client: OAuthClient,
  ca: string | undefined,
  { proxy }: ClusterSettings,
  timeoutMs: number,
): Promise<GivenToken> {
  const tunnels =
    proxy && new (await import('../tunnels.ts')).ProxyTunnels(proxy, timeoutMs, 'sasl.oauthbearer.token.endpoint.url');
  const tls = { verifyHostname: true, ...(ca !== undefined && { ca }) };
  const sender = new HttpSender(timeoutMs, tls, new AbortController().signal, tunnels);
  try {
    return await askForToken(client, sender);
  } catch (error) {
    throw error instanceof NoTokenGiven ? refused(client, error) : unanswered(client, error as NodeJS.ErrnoException);
  } finally {
    sender.close();
  }
}

function refused(
  { tokenUrl, clientId, clientSecret, scope, isEncoded = true }: OAuthClient,
  { status, message }: NoTokenGiven,
): NoToken {
  const why = `no token: ${tokenUrl} answered ${message}`;
  if (status >= 500) return new NoToken(why, 'try again in a moment');
  if (status === 404 || status < 400) {
    return new NoToken(
      why,
      'is this the address of the token endpoint? the issuer’s /.well-known/openid-configuration names it',
    );
  }
  const asked = scope ? ` and the scope ${scope}` : '';
  const check = `check the client id ${clientId}, its secret${asked}, and that it may use client credentials`;
  const isChanged = !isEncoded && encodeURIComponent(clientSecret) !== clientSecret;
  return new NoToken(why, isChanged ? `${check}; or send both URL-encoded: -X ${encoding}=true` : check);
}

function unanswered({ tokenUrl }: OAuthClient, error: NodeJS.ErrnoException): NoToken {
  const { code, message } = error;
  const why = `no token: no answer from ${tokenUrl}: ${message || code}`;
  // The proxy's own reason says better what to do.
  if (error instanceof KtError && error.hint !== undefined) return new NoToken(why, error.hint);
  return new NoToken(
    why,
    tlsFailure(message, code) === 'untrusted'
      ? 'give the authority that signed its certificate: -X https.ca.location=ca.pem'
      : 'check sasl.oauthbearer.token.endpoint.url, and that this machine reaches it',
  );
}
