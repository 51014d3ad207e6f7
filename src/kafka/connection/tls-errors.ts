/** Why a TLS connection failed, in words, with what to do next. */
import { type TlsFailure, tlsFailure, tlsWords } from '../../base/tls-failure.ts';
import type { ClusterSettings, TlsSettings } from './settings.ts';

export interface Explanation {
  readonly why: string;
  readonly hint: string;
  readonly code?: string;
  /** The broker may accept another client certificate. */
  readonly refusesCertificate?: true;
}

const giveTrusted = 'give one it trusts: -X ssl.certificate.location=client.pem -X ssl.key.location=client.key';

/** @returns undefined when the failure has nothing to do with TLS */
export function tlsExplanation(message: string, code: string | undefined, { tls }: ClusterSettings): Explanation | undefined {
  const failure = tlsFailure(message, code);
  return failure && { code: code ?? 'EPROTO', ...explained(failure, message, tls) };
}

function explained(failure: TlsFailure, message: string, tls: TlsSettings | undefined): Explanation {
  switch (failure) {
    case 'untrusted':
      return {
        why: `the broker's certificate is not trusted: ${message}`,
        hint: tls?.ca
          ? 'the authorities that were given did not sign it: check ssl.truststore.location or ssl.ca.location'
          : 'give the authority that signed it: -X ssl.ca.location=ca.pem',
      };
    case 'dates':
      return {
        why: `the broker's certificate: ${message}`,
        hint: "renew the broker's certificate, or check this machine's clock",
      };
    case 'name':
      return {
        why: message,
        hint: 'use a name from the certificate in -b, or skip this check with -X ssl.endpoint.identification.algorithm=none',
      };
    case 'no TLS':
      return {
        why: 'the listener does not speak TLS',
        hint: 'use the TLS listener’s port, or -X security.protocol=PLAINTEXT (SASL_PLAINTEXT with a user)',
      };
    case 'versions':
      return {
        why: 'kt and the broker have no TLS version in common',
        hint: 'kt speaks TLSv1.2 and TLSv1.3, unless ssl.enabled.protocols or ssl.protocol allows only one of them',
      };
    case 'handshake':
      if (tls?.cert) return noCommonSuite(tls);
      return {
        why: 'the broker refused the TLS handshake; it may want a client certificate, and none was given',
        hint: giveTrusted,
      };
    case 'cipher suites':
      return noCommonSuite(tls);
    case 'algorithm':
      return {
        why: 'the key or the certificate has an algorithm that TLS does not take here',
        hint: 'use an RSA or an EC key',
      };
    case 'client certificate':
      if (tls?.cert) return { refusesCertificate: true, ...refusedCertificate(tls) };
      return { why: 'the broker wants a client certificate, and none was given', hint: giveTrusted };
    case 'other':
      return { why: `TLS: ${tlsWords(message)}`, hint: 'check the security settings with kt profile show' };
  }
}

function noCommonSuite(tls: TlsSettings | undefined): Explanation {
  return {
    ...(tls?.cert && { refusesCertificate: true }),
    why: 'the broker refused the TLS handshake',
    hint: 'have both a cipher suite in common (ssl.cipher.suites), and does it accept the kind of key in the certificate?',
  };
}

/** Brokers rarely say why they refuse a certificate; its dates may. */
function refusedCertificate({ certFacts, refusedAliases = [] }: TlsSettings): Explanation {
  if (!certFacts) return { why: 'the broker refused the client certificate', hint: giveTrusted };
  const { alias, issuer, validFrom, validTo } = certFacts;
  const before = refusedAliases.length > 0 ? `, as it did those of ${refusedAliases.join(', ')}` : '';
  const why = `the broker refused the client certificate${alias ? ` of entry ${alias}` : ''}${before}`;
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  if (validTo < Date.now()) return { why: `${why}; it expired on ${day(validTo)}`, hint: 'renew the client certificate' };
  if (validFrom > Date.now()) {
    return { why: `${why}; it is not valid before ${day(validFrom)}`, hint: "wait until then, or check this machine's clock" };
  }
  return { why: `${why}; ${issuer} issued it`, hint: giveTrusted };
}
