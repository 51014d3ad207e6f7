/** Why TLS failed, told by the codes and words of OpenSSL (in Node) and BoringSSL (in Bun), which differ. */

export type TlsFailure =
  /** The server's certificate does not lead to an authority that counts. */
  | 'untrusted'
  /** It is not valid yet, or no longer. */
  | 'dates'
  /** It is for another name. */
  | 'name'
  /** The server does not speak TLS. */
  | 'no TLS'
  /** No version in common. */
  | 'versions'
  /** The server ended the handshake, and does not say why: it may want a certificate. */
  | 'handshake'
  | 'cipher suites'
  /** A key or a certificate is of a kind that TLS does not take here. */
  | 'algorithm'
  /** The server wants a client certificate, or another one. */
  | 'client certificate'
  | 'other';

/** What the libraries say of a handshake, with blanks between words; the first that fits counts. */
const words: readonly (readonly [pattern: RegExp, failure: TlsFailure])[] = [
  [/wrong version number|packet length too long|record layer/i, 'no TLS'],
  [/protocol version|unsupported protocol/i, 'versions'],
  [/alert handshake failure/i, 'handshake'],
  [/no shared cipher/i, 'cipher suites'],
  [/unsupported (algorithm|signature)|unknown (key|certificate) type|no shared signature/i, 'algorithm'],
  [/alert.*(certificate|unknown ca)|certificate required/i, 'client certificate'],
];

/** OpenSSL separates the words by blanks, and BoringSSL by underscores. */
export function tlsWords(message: string): string {
  return message.replaceAll('_', ' ');
}

/** @returns undefined when the failure has nothing to do with TLS */
export function tlsFailure(message: string, code = ''): TlsFailure | undefined {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'dates';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'name';
  const said = tlsWords(message);
  const isHandshake = code === 'EPROTO' || code.startsWith('ERR_SSL');
  if (isHandshake || /wrong version number|packet length too long|ssl routines/i.test(said)) {
    return words.find(([pattern]) => pattern.test(said))?.[1] ?? 'other';
  }
  return /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code) ? 'untrusted' : undefined;
}
