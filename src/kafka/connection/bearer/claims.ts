/** What a token says of itself, where it is a JWT (RFC 7519): kt does not check it, brokers do. */

export interface Claims {
  /** Epoch ms. */
  readonly expiresAt?: number;
  /** Who issued it, for whom and about whom, in words. */
  readonly words: string;
}

/** Undefined for a token that is no JWT. */
export function claimsOf(token: string): Claims | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const { iss, aud, sub, scope, exp } = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString('utf8')) as Record<
      string,
      unknown
    >;
    const expiresAt = Number(exp) * 1000;
    const hasEnd = exp !== undefined && Number.isFinite(expiresAt);
    const facts = { issuer: iss, audience: [aud].flat().join(' '), subject: sub, scope };
    const words = Object.entries(facts).map(([name, value]) => (value ? `${name} ${value}` : `no ${name}`));
    if (hasEnd) words.push(`valid until ${new Date(expiresAt).toISOString()}`);
    return { ...(hasEnd && { expiresAt }), words: words.join(', ') };
  } catch {
    return undefined;
  }
}
