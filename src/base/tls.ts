/** TLS to any server: what a user may settle about it, and the options that Node's and Bun's sockets take for that. */
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';

const isBun = 'bun' in process.versions;

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** What is allowed of TLS; everything that is absent. */
export interface TlsRestrictions {
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** OpenSSL's names, in capitals. */
  readonly cipherSuites?: readonly string[];
}

export interface TlsPeer extends TlsRestrictions {
  /** PEM, whatever form it was given in; absent: the system's authorities. */
  readonly ca?: string;
  /** The client's own certificate, with those that lead to its authority, as PEM. */
  readonly cert?: string;
  /** Decrypted, as PEM. */
  readonly key?: string;
  /** Whether the certificate must be for the name that the server goes by. */
  readonly verifyHostname: boolean;
  /** False: any certificate is accepted. */
  readonly verifyCertificate?: false;
}

/** @param name the host that the certificate must be for, whatever address is connected to; an IPv6 address without brackets */
export function tlsOptions(peer: TlsPeer, name: string): ConnectionOptions {
  // The variable turns certificate checks off in every program of a shell. kt has its own setting, and the runtime's warning would be wrong.
  // biome-ignore lint/style/noProcessEnv: the runtime reads this one itself.
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  const { ca, cert, key, minVersion, maxVersion, cipherSuites, verifyHostname, verifyCertificate } = peer;
  // Bun takes no suites of TLS 1.3: it has them all.
  const suites = cipherSuites?.filter((suite) => !isBun || !suite.startsWith('TLS_')) ?? [];
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
    ...(suites.length > 0 && { ciphers: suites.join(':') }),
    // Said in either case: an environment variable decides otherwise.
    rejectUnauthorized: verifyCertificate !== false,
    ...(isIP(name) === 0 && { servername: name }),
    checkServerIdentity: (_connectedTo, certificate) => (verifyHostname ? checkServerIdentity(name, certificate) : undefined),
  };
}
