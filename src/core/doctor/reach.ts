/** Names and sockets: what a server's name stands for (DNS), and whether its addresses take connections (TCP). */
import { isIP } from 'node:net';
import { addressText } from '../../kafka/connection/address.ts';
import { addressesOf, type Dialled, dialAddress, firstHop, type Hop } from '../../kafka/connection/probe/reach.ts';
import type { ClusterSettings, HostPort } from '../../kafka/connection/settings.ts';
import { begin, type Finding, failure, inWords, skipped, type Told } from './finding.ts';

export interface Reach {
  readonly findings: readonly Finding[];
  readonly isReached: boolean;
}

/** Looks the name up and connects to each of its addresses, all at once. With a proxy this is about the proxy: it looks up the rest. */
export async function reach(server: HostPort, settings: ClusterSettings, signal: AbortSignal): Promise<Reach> {
  const hop = firstHop(settings, server);
  const { host } = hop.at;
  const at = addressText(hop.at);
  const named = begin('dns');
  let addresses: readonly string[] = [host];
  let dns: Finding;
  if (isIP(host) !== 0) dns = named({ target: host, verdict: 'ok', found: 'it is an address, not a name' });
  else {
    try {
      addresses = await addressesOf(hop, settings, signal);
      dns = named({ target: host, verdict: 'ok', found: `it stands for ${addresses.join(' and ')}` });
    } catch (error) {
      return {
        findings: [named(failure(host, error, 'it stands for no address')), skipped('tcp', at, 'dns')],
        isReached: false,
      };
    }
  }
  const dialled = begin('tcp');
  const all = await Promise.all(addresses.map((address) => dialAddress(address, hop, settings, signal)));
  return { findings: [dns, dialled(judged(hop, all))], isReached: all.some(({ error }) => !error) };
}

/** Codes of a machine that has no way to a whole family of addresses, as many have none to IPv6. */
const noFamily: ReadonlySet<string | undefined> = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EHOSTUNREACH']);

function judged({ at }: Hop, all: readonly Dialled[]): Told {
  const target = addressText(at);
  const open = all.filter(({ error }) => !error);
  if (open.length === 0) {
    const { error } = all[0]!;
    const tried = all.length > 1 ? `none of its ${all.length} addresses takes a connection` : 'it takes no connection';
    return failure(target, error, tried);
  }
  const took = open.map(({ address, ms }) => `${address} (${ms.toFixed(1)} ms)`).join(', ');
  const closed = all.filter(({ error }) => error);
  const reasons = closed.map(({ address, error }) => `${address}: ${inWords(error!).why}`).join('; ');
  const found = `connected to ${took}${reasons && `; not to ${reasons}`}`;
  // Nobody minds that `localhost` is two addresses, or that this machine has no IPv6.
  const isUsual = ({ address, code }: Dialled) => isLoopback(address) || (isIP(address) === 6 && noFamily.has(code));
  if (closed.every(isUsual)) return { target, verdict: 'ok', found };
  return {
    target,
    verdict: 'warn',
    found: `connected to ${took}, but not to every address of the name`,
    why: reasons,
    cure: 'clients that try such an address first wait in vain: have the broker listen there, or take the address out of DNS',
  };
}

/** Whether it leads to the machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
