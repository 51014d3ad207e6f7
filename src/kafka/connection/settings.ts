/** What it takes to reach a cluster, as plain values; types only. `src/settings` makes them of what the user gave. */
import type { TlsPeer } from '../../base/tls.ts';
import type { SaslSettings } from './sasl.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** What of the client's certificate may explain why a broker refuses it. Times in epoch ms. */
interface CertificateFacts {
  /** The name of its entry in the key store. */
  readonly alias?: string;
  readonly issuer: string;
  readonly validFrom: number;
  readonly validTo: number;
}

/** The client's own certificate, with those that lead to its authority, and its key, as PEM. */
export interface ClientIdentity {
  readonly cert: string;
  /** Decrypted. */
  readonly key: string;
  readonly certFacts: CertificateFacts;
}

/** The advertised host name is what a certificate must be for. */
export interface TlsSettings extends TlsPeer, Partial<ClientIdentity> {
  /** Further entries of the key store, for a broker that refuses this one: it does not say beforehand which it would accept. */
  readonly otherIdentities?: readonly ClientIdentity[];
  /** The aliases of the entries that were refused before this one. */
  readonly refusedAliases?: readonly string[];
}

/** A proxy that connects to brokers and the registry for kt, and looks their names up. */
export interface ProxySettings extends HostPort {
  /** SOCKS5 (RFC 1928), or HTTP's CONNECT (RFC 9110, 9.3.6). */
  readonly protocol: 'socks5' | 'http';
  readonly username?: string;
  readonly password?: string;
  /** Whether an address is to be reached without the proxy; absent: none is. */
  readonly leavesOut?: (address: HostPort) => boolean;
}

export interface ClusterSettings {
  readonly bootstrapServers: readonly HostPort[];
  readonly clientId: string;
  /** Time limit for each request, and for connecting as a whole, in ms. */
  readonly timeoutMs: number;
  /** `host:port` (or `host`) as the cluster advertises it → where to connect instead. */
  readonly addressMap: ReadonlyMap<string, string>;
  readonly proxy?: ProxySettings;
  /** The profile that gave the bootstrap servers, for error messages; absent when something else did. */
  readonly profile?: string;
  readonly tls?: TlsSettings;
  readonly sasl?: SaslSettings;
}

/** One setting as somebody gave it, for people to see. */
export interface GivenSetting {
  /** Java's name of the property; `address map` and `proxy` have none. */
  readonly name: string;
  /** `********` for a secret. */
  readonly value: string;
  /** `--bootstrap-server`, `profile 'prod'`, `client.properties, line 3`, `the default`. */
  readonly origin: string;
}
