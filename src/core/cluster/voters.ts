/** Changes who votes in the quorum of controllers: AddRaftVoter and RemoveRaftVoter (KIP-853). */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { whatBrings } from '../../kafka/wire/releases.ts';
import { untilSeen } from '../topics/until-seen.ts';
import { describeQuorum, type Quorum } from './quorum.ts';
import { mayAlter } from './visibility.ts';

/** Where the others reach a controller. */
export interface VoterListener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** A controller, with the id of its metadata directory: another disk is another voter. */
interface Voter {
  readonly controller: number;
  readonly directoryId: string;
}

export interface VoterOutcome extends Voter {
  /** `valid`: a dry run that found nothing in the way. */
  readonly status: 'added' | 'removed' | 'valid' | 'failed';
  readonly error?: KtError;
}

/**
 * Gives a controller that follows the quorum a vote; resolves when the quorum shows it.
 * @throws KtError `refused` where Kafka is too old for it, or the quorum cannot be seen
 */
export async function addVoter(
  cluster: Cluster,
  { controller, directoryId }: Voter,
  listeners: readonly VoterListener[],
  dryRun: boolean,
): Promise<VoterOutcome> {
  const voter = { controller, directoryId };
  const what = `controller ${controller} not added`;
  await requireApi(cluster, 'AddRaftVoter', what);
  const quorum = await describeQuorum(cluster);
  if (dryRun) return tried(voter, (await whyNotAny(cluster, quorum, what)) ?? whyNotAdded(quorum, voter, what));
  const { clusterId } = quorum;
  const { errorCode, errorMessage } = await cluster.request(
    'AddRaftVoter',
    { clusterId, timeoutMs: cluster.timeoutMs, voterId: controller, voterDirectoryId: directoryId, listeners },
    'controller',
  );
  if (errorCode !== 0) return { ...voter, status: 'failed', error: refusal(errorCode, what, errorMessage) };
  await untilVotes(cluster, voter, true);
  return { ...voter, status: 'added' };
}

/**
 * The voter with this id.
 * @param directoryId undefined: whichever it has
 * @throws KtError `refused` when there is no such voter that could be removed, or the quorum cannot be seen
 */
export async function voterNamed(cluster: Cluster, controller: number, directoryId: string | undefined): Promise<Voter> {
  const what = `controller ${controller} not removed`;
  await requireApi(cluster, 'RemoveRaftVoter', what);
  const { voters } = await describeQuorum(cluster);
  const own = voters.filter((voter) => voter.node === controller);
  const found = own.find((voter) => directoryId === undefined || voter.directoryId === directoryId);
  if (found) {
    if (found.directoryId !== null) return { controller, directoryId: found.directoryId };
    throw fixedVoters(what);
  }
  const why = own.length > 0 ? `it votes with directory id ${own[0]!.directoryId}` : 'it is no voter';
  throw new KtError('refused', `${what} (${why})`, {
    code: 'VOTER_NOT_FOUND',
    hint: 'kt cluster quorum -o wide shows the voters and their directory ids',
  });
}

/** Takes a controller's vote; resolves when the quorum no longer shows it. */
export async function removeVoter(cluster: Cluster, voter: Voter, dryRun: boolean): Promise<VoterOutcome> {
  const what = `controller ${voter.controller} not removed`;
  const quorum = await describeQuorum(cluster);
  if (dryRun) return tried(voter, (await whyNotAny(cluster, quorum, what)) ?? whyNotRemoved(quorum, what));
  const { errorCode, errorMessage } = await cluster.request(
    'RemoveRaftVoter',
    { clusterId: quorum.clusterId, voterId: voter.controller, voterDirectoryId: voter.directoryId },
    'controller',
  );
  if (errorCode !== 0) return { ...voter, status: 'failed', error: refusal(errorCode, what, errorMessage) };
  await untilVotes(cluster, voter, false);
  return { ...voter, status: 'removed' };
}

/** Before the quorum is looked at: an old one has no directory ids, which would look as if its voters were only fixed. */
async function requireApi(cluster: Cluster, api: 'AddRaftVoter' | 'RemoveRaftVoter', what: string): Promise<void> {
  if ((await cluster.apiVersion(api)) >= 0) return;
  throw new KtError('refused', `${what} (this Kafka does not have ${api})`, {
    code: 'UNSUPPORTED_VERSION',
    hint: whatBrings(api),
  });
}

/** While the leader itself goes, there is none for a moment. */
async function untilVotes(cluster: Cluster, { controller, directoryId }: Voter, votes: boolean): Promise<void> {
  await untilSeen(cluster, async () => {
    const quorum = await describeQuorum(cluster).catch((error: unknown) => {
      if (error instanceof KtError && error.kind === 'refused') return undefined;
      throw error;
    });
    return quorum?.voters.some((voter) => voter.node === controller && voter.directoryId === directoryId) === votes;
  });
}

function tried(voter: Voter, error: KtError | undefined): VoterOutcome {
  return error ? { ...voter, status: 'failed', error } : { ...voter, status: 'valid' };
}

/** What would be in the way of any change. */
async function whyNotAny(cluster: Cluster, { voters }: Quorum, what: string): Promise<KtError | undefined> {
  if (!(await mayAlter(cluster))) return refusal(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, what, null);
  return voters.some(({ directoryId }) => directoryId === null) ? fixedVoters(what) : undefined;
}

function whyNotAdded({ voters, observers }: Quorum, { controller, directoryId }: Voter, what: string): KtError | undefined {
  if (voters.some(({ node }) => node === controller)) return refusal(ErrorCode.DUPLICATE_VOTER, what, 'it is a voter already');
  if (observers.some((each) => each.node === controller && each.directoryId === directoryId)) return undefined;
  return new KtError('refused', `${what} (no controller with this id and directory id follows the quorum)`, {
    code: 'VOTER_NOT_FOUND',
    hint: 'start it first; kt cluster quorum -o wide then shows it as an observer',
  });
}

function whyNotRemoved({ voters }: Quorum, what: string): KtError | undefined {
  return voters.length > 1 ? undefined : refusal(ErrorCode.INVALID_REQUEST, what, 'it is the only voter');
}

function fixedVoters(what: string): KtError {
  return refusal(ErrorCode.UNSUPPORTED_VERSION, what, 'the voters of this quorum are fixed by the controllers’ configuration');
}

function refusal(errorCode: number, what: string, message: string | null): KtError {
  const hint =
    errorCode === ErrorCode.UNSUPPORTED_VERSION
      ? 'kt cluster features upgrade --feature kraft.version=1 lets voters change, from Kafka 4.1 on'
      : undefined;
  return refusedFor(errorCode, what, { cluster: ['ALTER'] }, message, hint);
}
