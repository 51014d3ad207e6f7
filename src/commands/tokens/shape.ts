/** How delegation tokens look: never with their secret, unless it was asked for. */
import { isoTime } from '../../base/iso-time.ts';
import { rows } from '../../cli/shape.ts';
import type { SecretToken, Token } from '../../core/tokens/token.ts';

/** A token in output; `hmac` is base64. */
export interface TokenRow extends Token {
  readonly status?: 'created' | 'renewed' | 'expired';
  readonly hmac?: string;
}

/** @param withSecret whether the HMAC is shown */
export function tokenRow({ hmac, ...token }: SecretToken, status?: TokenRow['status'], withSecret = false): TokenRow {
  return { ...token, ...(status && { status }), ...(withSecret && { hmac: hmac.toString('base64') }) };
}

const time = (ms: number): string => isoTime(BigInt(ms));

export function tokenRows(more: Readonly<Record<string, string>> = {}) {
  return rows<TokenRow>({
    columns: [
      { header: 'TOKEN-ID', get: ({ tokenId }) => tokenId, tone: () => 'strong' },
      { header: 'OWNER', get: ({ owner }) => owner },
      { header: 'REQUESTER', get: ({ requester }) => requester, wide: true },
      { header: 'RENEWERS', get: ({ renewers }) => renewers.join(' ') || null },
      { header: 'ISSUED', get: ({ issueTime }) => time(issueTime), wide: true },
      { header: 'EXPIRES', get: ({ expiryTime }) => time(expiryTime) },
      { header: 'AT-THE-LATEST', get: ({ maxTime }) => time(maxTime) },
      ...('status' in more ? [{ header: 'STATUS', get: ({ status }: TokenRow) => status, tone: () => 'good' as const }] : []),
      ...('hmac' in more ? [{ header: 'HMAC', get: ({ hmac }: TokenRow) => hmac }] : []),
    ],
    name: ({ tokenId }) => tokenId,
    fields: {
      tokenId: 'id of the token: the user name to sign in with',
      owner: 'principal that who has the token acts as',
      requester: 'principal who had it made',
      renewers: 'principals who may renew it besides the owner',
      issueTime: 'epoch ms when it was made',
      expiryTime: 'epoch ms when it ends unless it is renewed',
      maxTime: 'epoch ms when it ends in any case',
      ...more,
    },
  });
}
