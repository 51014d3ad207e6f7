/** The way to a broker: where kt connects for the address that the cluster advertises, and through which proxy. */
import { addressText, mappedAddress } from './address.ts';
import type { ClusterSettings, HostPort, ProxySettings } from './settings.ts';

export interface Route {
  /** As the cluster or the user names the broker; a certificate must be for this host. */
  readonly advertised: HostPort;
  /** Where to connect for it, as seen from the proxy if there is one. */
  readonly target: HostPort;
  readonly proxy?: ProxySettings;
  /** The option that gives another address for it; absent: `--address-map`. */
  readonly changedBy?: string;
}

export interface ProxiedRoute extends Route {
  readonly proxy: ProxySettings;
}

/** The route that the settings give to an address; a proxy is for all but those it is told to leave out. */
export function routeTo({ addressMap, proxy }: Pick<ClusterSettings, 'addressMap' | 'proxy'>, advertised: HostPort): Route {
  const target = mappedAddress(addressMap, advertised);
  return { advertised, target, ...(proxy && !proxy.leavesOut?.(target) && { proxy }) };
}

/** `kafka:9092 at localhost:19092 through socks5://bastion:1080`, as much of it as there is. */
export function routeText({ advertised, target, proxy }: Route): string {
  const name = addressText(advertised);
  const dialled = addressText(target);
  return `${name}${dialled === name ? '' : ` at ${dialled}`}${proxy ? ` through ${proxyText(proxy)}` : ''}`;
}

/** Its URL, without user and password. */
export function proxyText({ protocol, host, port }: ProxySettings): string {
  return `${protocol}://${addressText({ host, port })}`;
}
