/** Why a TLS connection failed, in words, with what to do next. */
import type { ClusterSettings, TlsSettings } from './settings.ts';

export interface Explanation {
  readonly why: string;
  readonly hint: string;
  readonly code?: string;
  /** The broker may accept another client certificate. */
  readonly refusesCertificate?: true;
}

const certificates = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

/** @returns undefined when the failure has nothing to do with TLS */
export function tlsExplanation(message: string, code: string | undefined, settings: ClusterSettings): Explanation | undefined {
  if (code !== undefined && certificates.has(code)) {
    return {
      code,
      why: `the broker's certificate is not trusted: ${message}`,
      hint: settings.tls?.ca
        ? 'the authorities that were given did not sign it: check ssl.truststore.location or ssl.ca.location'
        : 'give the authority that signed it: -X ssl.ca.location=ca.pem',
    };
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      code,
      why: `the broker's certificate: ${message}`,
      hint: "renew the broker's certificate, or check this machine's clock",
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      code,
      why: message,
      hint: 'use a name from the certificate in -b, or skip this check with -X ssl.endpoint.identification.algorithm=none',
    };
  }
  // OpenSSL separates the words by blanks, and BoringSSL, in Bun, by underscores.
  const words = message.replaceAll('_', ' ');
  if (
    code === 'EPROTO' ||
    code?.startsWith('ERR_SSL') ||
    /wrong version number|packet length too long|ssl routines/i.test(words)
  ) {
    return handshakeExplanation(words, code, settings);
  }
  return undefined;
}

/** @param message with blanks between the words of a TLS library's names */
function handshakeExplanation(message: string, code: string | undefined, { tls }: ClusterSettings): Explanation {
  if (/wrong version number|packet length too long|record layer/i.test(message)) {
    return {
      code: code ?? 'EPROTO',
      why: 'the listener does not speak TLS',
      hint: 'use the TLS listener’s port, or -X security.protocol=PLAINTEXT (SASL_PLAINTEXT with a user)',
    };
  }
  if (/protocol version|unsupported protocol/i.test(message)) {
    return {
      code: code ?? 'EPROTO',
      why: 'kt and the broker have no TLS version in common',
      hint: 'kt speaks TLSv1.2 and TLSv1.3, unless ssl.enabled.protocols or ssl.protocol allows only one of them',
    };
  }
  const wantsCertificate = /alert.*(certificate|unknown ca)|certificate required/i.test(message);
  if (!tls?.cert && (wantsCertificate || /alert handshake failure/i.test(message))) {
    return {
      code: code ?? 'EPROTO',
      why: wantsCertificate
        ? 'the broker wants a client certificate, and none was given'
        : 'the broker refused the TLS handshake; it may want a client certificate, and none was given',
      hint: 'give one it trusts: -X ssl.certificate.location=client.pem -X ssl.key.location=client.key',
    };
  }
  if (/alert handshake failure|no shared cipher/i.test(message)) {
    return {
      code: code ?? 'EPROTO',
      ...(tls?.cert && { refusesCertificate: true }),
      why: 'the broker refused the TLS handshake',
      hint: 'have both a cipher suite in common (ssl.cipher.suites), and does it accept the kind of key in the certificate?',
    };
  }
  if (/unsupported (algorithm|signature)|unknown (key|certificate) type|no shared signature/i.test(message)) {
    return {
      code: code ?? 'EPROTO',
      why: 'the key or the certificate has an algorithm that TLS does not take here',
      hint: 'use an RSA or an EC key',
    };
  }
  if (wantsCertificate) return { code: code ?? 'EPROTO', refusesCertificate: true, ...refusedCertificate(tls) };
  return { code: code ?? 'EPROTO', why: `TLS: ${message}`, hint: 'check the security settings with kt profile show' };
}

const giveTrusted = 'give one it trusts: -X ssl.certificate.location=client.pem -X ssl.key.location=client.key';

/** Brokers rarely say why they refuse a certificate; its dates may. */
function refusedCertificate({
  certFacts,
  refusedAliases = [],
}: Pick<TlsSettings, 'certFacts' | 'refusedAliases'> = {}): Explanation {
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
