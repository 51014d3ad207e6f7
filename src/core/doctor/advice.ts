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
 * @param isOnly whether the cluster has no other broker, to which that server may lead
 * @returns undefined when the address is not what is wrong
 */
export function advice(advertised: HostPort, through: HostPort, { code }: KtError, isOnly: boolean): string | undefined {
  if (!wrongAddress.has(code)) return undefined;
  const { host, port } = advertised;
  const map = (reachable: string) => `--address-map ${addressText(advertised)}=${reachable}`;
  const known = map(isOnly ? addressText(through) : `${through.host}:PORT`);
  const mapped = isOnly ? known : `${known}, with the port that leads to this broker`;
  const advertise = 'have the broker advertise an address that clients reach (advertised.listeners)';
  const pod = podOf(host);
  if (pod) {
    const forward = `kubectl port-forward ${pod} ${port}`;
    return `the name is known only inside of Kubernetes: ${forward}, then ${map(`localhost:${port}`)}; or ${advertise}`;
  }
  if (isLoopback(host)) {
    if (isLoopback(through.host)) return `is the broker running? if another port leads to it: ${mapped}; or ${advertise}`;
    return `to every client that address is the client itself: ${advertise}, such as ${addressText({ ...through, port })}; until then ${mapped}`;
  }
  if (isIP(host) === 0 && !host.includes('.')) {
    return `the name looks like one of a container (Docker) or a pod (Kubernetes: kubectl port-forward): ${mapped}; or ${advertise}`;
  }
  return `is the broker running, and does a firewall let you through? if another address leads to it: ${mapped}; or ${advertise}`;
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
