/** Whether a server speaks Kafka's protocol (ApiVersions), and takes the user (SASL). */
import type { KtError } from '../../base/errors.ts';
import { addressText } from '../../kafka/connection/address.ts';
import { type BrokerSockets, brokerOpener } from '../../kafka/connection/broker.ts';
import { unbelievedCertificate } from '../../kafka/connection/probe/handshake.ts';
import { describeSasl } from '../../kafka/connection/sasl.ts';
import type { ClusterSettings, HostPort } from '../../kafka/connection/settings.ts';
import { releaseOf } from '../../kafka/wire/releases.ts';
import { begin, count, type Examination, failure } from './finding.ts';

/** Opens a connection as far as it goes without a user: brokers answer ApiVersions before they ask who it is. @throws KtError `connection` */
export function greet(server: HostPort, settings: ClusterSettings, signal: AbortSignal): Promise<BrokerSockets> {
  return opened(server, settings, signal, false);
}

/** How long a listener may take to show that it speaks TLS, in ms. */
const handshakeMs = 2_000;

/**
 * Where nothing sensible is answered without TLS, tries whether TLS is spoken there.
 * @returns whether it is a broker
 */
export async function* examineGreeting(
  server: HostPort,
  settings: ClusterSettings,
  greeting: Promise<BrokerSockets>,
  signal: AbortSignal,
): Examination<boolean> {
  const found = begin('api-versions');
  const target = addressText(server);
  try {
    const { versions } = await greeting;
    const apis = count(Object.keys(versions).length, 'API');
    yield found({ target, verdict: 'ok', found: `a Kafka broker, release ${releaseOf(versions, undefined)}, with ${apis}` });
    return true;
  } catch (error) {
    const told = failure(target, error);
    const isSecure = !settings.tls && (await speaksTls(server, settings, signal));
    yield found(isSecure ? { ...told, ...wantsTls(settings) } : told);
    return false;
  }
}

async function speaksTls(server: HostPort, settings: ClusterSettings, signal: AbortSignal): Promise<boolean> {
  const tls = { verifyHostname: false };
  const timeoutMs = Math.min(settings.timeoutMs, handshakeMs);
  return (await unbelievedCertificate(server, { ...settings, tls, timeoutMs }, signal)) !== undefined;
}

function wantsTls({ sasl }: ClusterSettings): { readonly why: string; readonly cure: string } {
  const protocol = sasl ? 'SASL_SSL' : 'SSL, or SASL_SSL with a user name and password';
  return { why: 'the listener speaks TLS', cure: `add -X security.protocol=${protocol}` };
}

/** @returns undefined when it takes the user, otherwise why not */
export async function* examineUser(
  server: HostPort,
  settings: ClusterSettings,
  signal: AbortSignal,
): Examination<KtError | undefined> {
  const found = begin('sasl');
  const target = addressText(server);
  try {
    const sockets = await opened(server, settings, signal);
    sockets.drop(done);
    const { who } = describeSasl(settings.sasl!);
    yield found({ target, verdict: 'ok', found: `${settings.sasl!.mechanism} takes ${who}` });
    return undefined;
  } catch (error) {
    yield found(failure(target, error));
    return error as KtError;
  }
}

/** Opens a connection to a broker, authentication included. @throws KtError `connection` */
export function opened(
  server: HostPort,
  settings: ClusterSettings,
  signal: AbortSignal,
  authenticates = true,
): Promise<BrokerSockets> {
  return brokerOpener(settings, undefined, authenticates)(server, { signal, timeoutMs: settings.timeoutMs });
}

/** Why a connection is dropped that was only opened to see whether it can be. */
export const done = new Error('the examination is over');
