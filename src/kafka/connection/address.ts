/** Host and port pairs as text, and the map from advertised to reachable addresses. */
import type { HostPort } from './settings.ts';

/** `host:port`, with brackets around an IPv6 address. */
export function addressText({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Where to connect for an advertised address: an entry for `host:port` wins over one for `host`, which keeps the port. */
export function mappedAddress(map: ReadonlyMap<string, string>, advertised: HostPort): HostPort {
  const target = map.get(addressText(advertised)) ?? map.get(advertised.host);
  if (target === undefined) return advertised;
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(target);
  const host = match?.[1] ?? match?.[2] ?? target;
  return { host, port: match?.[3] ? Number(match[3]) : advertised.port };
}
