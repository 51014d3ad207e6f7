/** How delegation tokens look: never with their secret, unless it was asked for. */
import { isEnding, KtError } from '../../base/errors.ts';
import { isoTime } from '../../base/iso-time.ts';
import { type Column, rows } from '../../cli/shape.ts';
import type { SecretToken, Token } from '../../core/tokens/token.ts';

/** A token in output; of one that nobody may see there is only the id. `hmac` is base64. */
export interface TokenRow extends Partial<Omit<Token, 'tokenId'>>, Pick<Token, 'tokenId'> {
  readonly status?: 'created' | 'renewed' | 'expired' | 'failed';
  readonly hmac?: string;
  readonly error?: KtError;
}

/** @param withSecret whether the HMAC is shown */
export function tokenRow({ hmac, ...token }: SecretToken, status?: TokenRow['status'], withSecret = false): TokenRow {
  return { ...token, ...(status && { status }), ...(withSecret && { hmac: hmac.toString('base64') }) };
}

/**
 * Changes tokens; one that fails does not stop the others.
 * @param named each token, or why it cannot be changed, by its id
 */
export function changeTokens(
  named: ReadonlyMap<string, SecretToken | KtError>,
  change: (token: SecretToken) => Promise<SecretToken>,
  status: 'renewed' | 'expired',
): Promise<readonly TokenRow[]> {
  return Promise.all(
    [...named].map(async ([tokenId, token]): Promise<TokenRow> => {
      if (token instanceof KtError) return { tokenId, status: 'failed', error: token };
      try {
        return tokenRow(await change(token), status);
      } catch (error) {
        if (!(error instanceof KtError) || isEnding(error)) throw error;
        return { ...tokenRow(token, 'failed'), error };
      }
    }),
  );
}

function time(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : isoTime(BigInt(ms));
}

const statusColumn: Column<TokenRow> = {
  header: 'STATUS',
  get: ({ status }) => status,
  tone: ({ status }) => (status === 'failed' ? 'bad' : 'good'),
};

/** @param more fields besides those of every token */
export function tokenRows(more: Readonly<Record<string, string>> = {}) {
  return rows<TokenRow>({
    columns: [
      { header: 'TOKEN-ID', get: ({ tokenId }) => tokenId, tone: () => 'strong' },
      { header: 'OWNER', get: ({ owner }) => owner },
      { header: 'REQUESTER', get: ({ requester }) => requester, wide: true },
      { header: 'RENEWERS', get: ({ renewers }) => renewers?.join(' ') || null },
      { header: 'ISSUED', get: ({ issueTime }) => time(issueTime), wide: true },
      { header: 'EXPIRES', get: ({ expiryTime }) => time(expiryTime) },
      { header: 'AT-THE-LATEST', get: ({ maxTime }) => time(maxTime) },
      ...('status' in more ? [statusColumn] : []),
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
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  });
}

/** @param status what each status means here */
export function changedTokenRows(status: string) {
  return tokenRows({ status, error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name' });
}
