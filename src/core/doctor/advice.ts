/** What to do about an advertised address that cannot be used from here: which address to map, or to advertise. */
import { isIP } from 'node:net';
import type { KtError } from '../../base/errors.ts';
import { addressText } from '../../kafka/connection/address.ts';
import type { HostPort } from '../../kafka/connection/settings.ts';
import { isLoopback } from './reach.ts';

/** Errors that say that the address itself is of no use here; any other is the broker's, and has a hint of its own. */
const wrongAddress: ReadonlySet<string | undefined> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'REQUEST_TIMED_OUT',
]);

/**
 * @param through the bootstrap server that let kt in
 * @returns undefined when the address is not what is wrong
 */
export function advice(advertised: HostPort, through: HostPort, { code }: KtError): string | undefined {
  if (!wrongAddress.has(code)) return undefined;
  const at = addressText(advertised);
  const map = (reachable: string) => `--address-map ${at}=${reachable}`;
  const advertise = `have the broker advertise an address that clients reach (advertised.listeners)`;
  const pod = podOf(advertised.host);
  if (pod) {
    const forward = `kubectl port-forward ${pod} ${advertised.port}`;
    return `the name is known only inside of Kubernetes: ${forward}, then ${map(`localhost:${advertised.port}`)}; or ${advertise}`;
  }
  if (isLoopback(advertised.host) && !isLoopback(through.host)) {
    return `to every client that address is the client itself: ${advertise}, such as ${addressText({ ...through, port: advertised.port })}; until then ${map(addressText(through))}`;
  }
  if (isIP(advertised.host) === 0 && !advertised.host.includes('.') && !isLoopback(advertised.host)) {
    const how = `${map(addressText(through))} (the port that leads to this broker)`;
    return `the name looks like one of a container (Docker) or a pod (Kubernetes: kubectl port-forward): ${how}; or ${advertise}`;
  }
  return `if another address leads to this broker: ${map(addressText(through))}; or ${advertise}`;
}

/**
 * The pod and namespace that a name inside of Kubernetes stands for, as kubectl takes them: `kafka-0.kafka-headless.data.svc.cluster.local`
 * is `pod/kafka-0 -n data`, and a service without a pod before it is `service/kafka -n data`.
 */
export function podOf(host: string): string | undefined {
  const labels = host.split('.');
  const at = labels.indexOf('svc');
  if (at < 2) return undefined;
  const namespace = labels[at - 1];
  return at === 2 ? `service/${labels[0]} -n ${namespace}` : `pod/${labels[0]} -n ${namespace}`;
}
