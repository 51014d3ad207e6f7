/** Everything kt knows about reaching a cluster, as one plain value: flags over environment over profile over defaults. */

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface TlsSettings {
  /** PEM texts; absent: the system's authorities. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly keyPassword?: string;
  /** PKCS#12 stores, as Java takes them. */
  readonly pfx?: Buffer;
  readonly pfxPassword?: string;
  /** `ssl.endpoint.identification.algorithm` set to empty turns this off. */
  readonly verifyHostname: boolean;
}

export interface SaslSettings {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

export interface ClusterSettings {
  readonly bootstrapServers: readonly HostPort[];
  readonly clientId: string;
  /** Bound on each request and on the whole of connecting, in ms. */
  readonly timeoutMs: number;
  /** `host:port` (or `host`) as the cluster advertises it → what to connect to instead. */
  readonly addressMap: ReadonlyMap<string, string>;
  readonly tls?: TlsSettings;
  readonly sasl?: SaslSettings;
}
