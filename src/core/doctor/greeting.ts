/** Whether a server speaks Kafka's protocol (ApiVersions), and takes the user (SASL). */

import type { KtError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import { addressText } from '../../kafka/connection/address.ts';
import { type BrokerSockets, brokerOpener, type OpenBroker } from '../../kafka/connection/broker.ts';
import { wantsTls } from '../../kafka/connection/errors.ts';
import type { Trace } from '../../kafka/connection/link.ts';
import { unbelievedCertificate } from '../../kafka/connection/probe/handshake.ts';
import { describeSasl } from '../../kafka/connection/sasl.ts';
import type { ClusterSettings, HostPort } from '../../kafka/connection/settings.ts';
import { releaseOf } from '../../kafka/wire/releases.ts';
import { begin, type Examination, failure } from './finding.ts';

/** Opens a connection as far as it goes without a user: brokers answer ApiVersions before they ask who it is. @throws KtError `connection` */
export function greet(server: HostPort, settings: ClusterSettings, signal: AbortSignal, trace?: Trace): Promise<BrokerSockets> {
  return brokerOpener(settings, trace, false)(server, { signal, timeoutMs: settings.timeoutMs });
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
    const apis = counted(Object.keys(versions).length, 'API');
    yield found({ target, verdict: 'ok', found: `a Kafka broker, release ${releaseOf(versions, undefined)}, with ${apis}` });
    return true;
  } catch (error) {
    const told = failure(target, error);
    const isSecure = !settings.tls && (await speaksTls(server, settings, signal));
    const { why, hint: cure } = wantsTls(settings);
    yield found(isSecure ? { ...told, why, cure } : told);
    return false;
  }
}

async function speaksTls(server: HostPort, settings: ClusterSettings, signal: AbortSignal): Promise<boolean> {
  const tls = { verifyHostname: false };
  const timeoutMs = Math.min(settings.timeoutMs, handshakeMs);
  return (await unbelievedCertificate(server, { ...settings, tls, timeoutMs }, signal)) !== undefined;
}

/**
 * @param open one for all servers, as a client has: so the user's token is asked for once
 * @returns undefined when it takes the user, otherwise why not
 */
export async function* examineUser(
  server: HostPort,
  open: OpenBroker,
  settings: ClusterSettings,
  signal: AbortSignal,
): Examination<KtError | undefined> {
  const found = begin('sasl');
  const target = addressText(server);
  try {
    const sockets = await open(server, { signal, timeoutMs: settings.timeoutMs });
    sockets.drop(done);
    const { who } = describeSasl(settings.sasl!);
    yield found({ target, verdict: 'ok', found: `${settings.sasl!.mechanism} takes ${who}` });
    return undefined;
  } catch (error) {
    yield found(failure(target, error));
    return error as KtError;
  }
}

/** Why a connection is dropped that was only opened to see whether it can be. */
export const done = new Error('the examination is over');
