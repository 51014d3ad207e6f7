/** Delegation tokens (KIP-48): made, seen, renewed and ended. The HMAC is the secret: who has it can act as the owner. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { errorOf, refused } from '../../kafka/wire/errors.ts';
import { untilSeen } from '../topics/until-seen.ts';

export interface Token {
  readonly tokenId: string;
  /** Whom who has it acts as: `User:alice`. */
  readonly owner: string;
  /** Who had it made. */
  readonly requester: string;
  /** Who besides the owner may renew it. */
  readonly renewers: readonly string[];
  /** Epoch ms. */
  readonly issueTime: number;
  /** When it ends unless it is renewed, epoch ms. */
  readonly expiryTime: number;
  /** When it ends in any case, epoch ms. */
  readonly maxTime: number;
}

/** A token with its secret. */
export interface SecretToken extends Token {
  readonly hmac: Buffer;
}

export interface TokenRequest {
  /** A principal; undefined: who asks. */
  readonly owner?: string | undefined;
  readonly renewers: readonly string[];
  /** In ms; undefined: the brokers' delegation.token.max.lifetime.ms. */
  readonly maxLifetimeMs?: number | undefined;
}

/** The brokers' default of a period. */
const brokersDefault = -1n;

/** As the protocol has it. */
function principalOf(text: string) {
  const end = text.indexOf(':');
  return { principalType: text.slice(0, end), principalName: text.slice(end + 1) };
}

/** @throws KtError `refused` where the brokers make no tokens, or not for this user */
export async function createToken(cluster: Cluster, { owner, renewers, maxLifetimeMs }: TokenRequest): Promise<SecretToken> {
  const of = owner === undefined ? undefined : principalOf(owner);
  const answer = await cluster.request(
    'CreateDelegationToken',
    {
      renewers: renewers.map(principalOf),
      maxLifetimeMs: maxLifetimeMs === undefined ? brokersDefault : BigInt(maxLifetimeMs),
      ...(of && { ownerPrincipalType: of.principalType, ownerPrincipalName: of.principalName }),
    },
    'controller',
  );
  if (answer.errorCode !== 0) throw tokenRefusal(answer.errorCode, 'token not created');
  const asked = owner ?? `${answer.principalType}:${answer.principalName}`;
  // Another owner's token may be one that this user does not see.
  if (owner === undefined) await untilSeen(cluster, async () => (await tokenNow(cluster, answer.tokenId)) !== undefined);
  return {
    tokenId: answer.tokenId,
    owner: asked,
    requester: requesterOf(answer) ?? asked,
    renewers,
    issueTime: Number(answer.issueTimestampMs),
    expiryTime: Number(answer.expiryTimestampMs),
    maxTime: Number(answer.maxTimestampMs),
    hmac: answer.hmac,
  };
}

/** Brokers before Kafka 3.3 do not tell: there it is the owner who asked. */
function requesterOf(answer: {
  readonly tokenRequesterPrincipalType: string;
  readonly tokenRequesterPrincipalName: string;
}): string | undefined {
  const { tokenRequesterPrincipalType: type, tokenRequesterPrincipalName: name } = answer;
  return name ? `${type}:${name}` : undefined;
}

/**
 * The tokens that this user may see: its own, those it may renew, and others with DESCRIBE on them.
 * @param owners only tokens of these principals; none: of all
 * @throws KtError `refused` where the brokers make no tokens
 */
export async function listTokens(cluster: Cluster, owners: readonly string[] = []): Promise<readonly SecretToken[]> {
  const body = { owners: owners.length === 0 ? null : owners.map(principalOf) };
  const { errorCode, tokens } = await cluster.request('DescribeDelegationToken', body);
  if (errorCode !== 0) throw tokenRefusal(errorCode, 'tokens of the cluster');
  return tokens
    .map((token) => {
      const owner = `${token.principalType}:${token.principalName}`;
      return {
        ...{ tokenId: token.tokenId, owner, hmac: token.hmac },
        requester: requesterOf(token) ?? owner,
        renewers: token.renewers.map((renewer) => `${renewer.principalType}:${renewer.principalName}`),
        issueTime: Number(token.issueTimestamp),
        expiryTime: Number(token.expiryTimestamp),
        maxTime: Number(token.maxTimestamp),
      };
    })
    .sort((a, b) => (a.tokenId < b.tokenId ? -1 : 1));
}

/**
 * The tokens with these ids, each once, with the secrets that renewing and ending them takes; an error for an id that no token has which this
 * user may see.
 * @throws KtError `refused` where the brokers make no tokens
 */
export async function tokensNamed(
  cluster: Cluster,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SecretToken | KtError>> {
  const listed = new Map((await listTokens(cluster)).map((token) => [token.tokenId, token]));
  return new Map(ids.map((id) => [id, listed.get(id) ?? unknownToken(id)]));
}

function unknownToken(id: string): KtError {
  return new KtError('refused', `unknown token ${id} (none that this user may see has the id)`, {
    code: 'DELEGATION_TOKEN_NOT_FOUND',
    hint: 'kt tokens list shows the tokens that there are',
  });
}

/** Puts off a token's end. @param periodMs from now on; undefined: the brokers' delegation.token.expiry.time.ms */
export async function renewToken(cluster: Cluster, token: SecretToken, periodMs?: number): Promise<SecretToken> {
  const renewPeriodMs = periodMs === undefined ? brokersDefault : BigInt(periodMs);
  const answer = await cluster.request('RenewDelegationToken', { hmac: token.hmac, renewPeriodMs }, 'controller');
  if (answer.errorCode !== 0) throw tokenRefusal(answer.errorCode, `token ${token.tokenId} not renewed`);
  return untilEnding(cluster, token, Number(answer.expiryTimestampMs));
}

/** Ends a token. @param afterMs from now on; undefined: at once */
export async function expireToken(cluster: Cluster, token: SecretToken, afterMs?: number): Promise<SecretToken> {
  const expiryTimePeriodMs = afterMs === undefined ? -1n : BigInt(afterMs);
  const answer = await cluster.request('ExpireDelegationToken', { hmac: token.hmac, expiryTimePeriodMs }, 'controller');
  if (answer.errorCode !== 0) throw tokenRefusal(answer.errorCode, `token ${token.tokenId} not ended`);
  return untilEnding(cluster, token, Number(answer.expiryTimestampMs));
}

async function tokenNow(cluster: Cluster, id: string): Promise<SecretToken | undefined> {
  return (await listTokens(cluster)).find(({ tokenId }) => tokenId === id);
}

/** Waits until the broker knows the token's new end, or no longer has the token. */
async function untilEnding(cluster: Cluster, token: SecretToken, expiryTime: number): Promise<SecretToken> {
  await untilSeen(cluster, async () => {
    const now = await tokenNow(cluster, token.tokenId);
    return now === undefined || now.expiryTime === expiryTime;
  });
  return { ...token, expiryTime };
}

const reasons: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  DELEGATION_TOKEN_AUTH_DISABLED: [
    'the brokers make no tokens',
    'delegation.token.secret.key on every broker and controller turns them on',
  ],
  DELEGATION_TOKEN_REQUEST_NOT_ALLOWED: [
    'only a user who signed in with SASL or a client certificate, and not with a token, may do this',
    'use another listener of the cluster, or other credentials',
  ],
  DELEGATION_TOKEN_OWNER_MISMATCH: ['only its owner and its renewers may do this', 'use the credentials of one of them'],
  DELEGATION_TOKEN_AUTHORIZATION_FAILED: [
    'no permission: for another owner it takes CREATE_TOKENS on that user',
    'kt acls create --operation CREATE_TOKENS --user-principal User:OWNER lets another user do it',
  ],
};

function tokenRefusal(errorCode: number, what: string): KtError {
  const reason = reasons[errorOf(errorCode).name];
  return refused(errorCode, what, reason?.[0], reason?.[1]);
}
