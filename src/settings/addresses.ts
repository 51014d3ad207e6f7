/** Host and port as people write them: bootstrap servers and the address map. */
import { usageError } from '../base/errors.ts';
import { addressText } from '../kafka/connection/address.ts';
import type { HostPort } from '../kafka/connection/settings.ts';

const defaultPort = 9092;

/**
 * Reads `host`, `host:9092`, `[::1]:9092`, `::1` and, as a broker advertises them, `LISTENER://host:9092`, separated by commas.
 * @param source what gave the list (`--bootstrap-server`), for errors
 * @throws KtError `usage` naming the part that is wrong
 */
export function parseBootstrapServers(text: string, source: string): HostPort[] {
  const parts = text.split(',').map((part) => part.trim());
  const servers = parts.filter((part) => part !== '').map((part) => parseBroker(part, source));
  if (servers.length === 0) throw usageError(`${source} names no broker`, 'give host:port, several separated by commas');
  return servers;
}

/**
 * Reads `advertised=reachable`, each side a host or a host:port; `*` is not a host.
 * @throws KtError `usage`
 */
export function parseAddressMap(entries: readonly string[], source: string): Map<string, string> {
  return new Map(
    entries.map((entry) => {
      const sides = entry.split('=').map((side) => side.trim());
      if (sides.length !== 2) {
        throw usageError(`${source}: '${entry}' is not advertised=reachable`, 'for example broker-1:9092=localhost:19092');
      }
      const [advertised, reachable] = sides.map((side) => normalAddress(side, entry, source));
      return [advertised!, reachable!];
    }),
  );
}

/**
 * Reads one address.
 * @param defaultPort for an address without a port; when absent, a port must be given
 * @throws KtError `usage`
 */
export function parseAddress(text: string, source: string, defaultPort: number | undefined): HostPort {
  const { host, port = defaultPort } = splitAddress(text, text, source);
  if (port !== undefined) return { host, port };
  throw usageError(`${source}: '${text}' has no port`, `for example ${addressText({ host, port: 8080 })}`);
}

function parseBroker(part: string, source: string): HostPort {
  return parseAddress(part, source, defaultPort);
}

/** An address as the map's keys and values have it: without a port when it was given without. */
function normalAddress(text: string, entry: string, source: string): string {
  const { host, port } = splitAddress(text, entry, source);
  return port === undefined ? host : addressText({ host, port });
}

/** Of what has several colons; node:net, which knows, takes 1.5 ms to load. */
function isIPv6(text: string): boolean {
  return text.split(':').length > 2 && process.getBuiltinModule('node:net').isIPv6(text);
}

function splitAddress(given: string, part: string, source: string): { host: string; port: number | undefined } {
  // Java takes any listener's name too (Utils.getHost); a web server's address is a slip.
  const text = given.replace(/^(?!https?:)[\w.%-]+:\/\//i, '');
  // user:password@host: the error must not repeat it.
  if (text.includes('@')) {
    throw usageError(
      `${source}: an address is host:port (this one has an @)`,
      'give credentials with -X sasl.username=… -X sasl.password=…',
    );
  }
  const [, host, port] = isIPv6(text)
    ? [text, text]
    : (/^\[([^\]]+)\](?::(.*))?$/.exec(text) ?? /^([^\s:/[\]]+)(?::(.*))?$/.exec(text) ?? []);
  if (!host || (text.startsWith('[') && !isIPv6(host))) {
    throw usageError(`${source}: '${part}' is not host:port`, 'for example localhost:9092, or [::1]:9092');
  }
  if (port === undefined) return { host, port: undefined };
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
    throw usageError(`${source}: '${part}' has no valid port (port '${port}')`, 'a port is a number from 1 to 65535');
  }
  return { host, port: Number(port) };
}
