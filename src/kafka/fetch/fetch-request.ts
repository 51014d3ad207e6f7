/** The Fetch request as every reader sends it. */
import type { RequestBodies } from '../wire/generated/types.ts';
import type { Isolation } from './fetch.ts';

/** The last version that names topics; newer ones need topic ids (KIP-516). */
export const lastVersionByName = 12;

type FetchBody = RequestBodies['Fetch'];
type VaryingFields = Pick<
  FetchBody,
  'maxWaitMs' | 'minBytes' | 'maxBytes' | 'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'
>;

/** A consumer's request: of no replica, no rack. */
export function fetchBody(isolation: Isolation, fields: VaryingFields): FetchBody {
  return { replicaId: -1, isolationLevel: isolation === 'read_committed' ? 1 : 0, rackId: '', ...fields };
}

/** One partition to fetch, from `offset` on. A leader epoch of -1 is not checked by the broker. */
export function partitionToFetch(partition: number, offset: bigint, leaderEpoch: number, partitionMaxBytes: number) {
  return { partition, currentLeaderEpoch: leaderEpoch, fetchOffset: offset, logStartOffset: -1n, partitionMaxBytes };
}
