/** The controller, and the quorum behind it. */
import { KtError } from '../../base/errors.ts';
import { counted, formatDuration } from '../../base/units.ts';
import { describeQuorum, type Quorum } from '../cluster/quorum.ts';
import { begin, type Examination, failure, someOf, type Told } from './finding.ts';
import type { Known } from './metadata.ts';

/** Voters fetch at least twice a second; one that did not for so long is down. */
const silentMs = 10_000;

/** Whether there is a quorum with a leader, no controller at all, or neither is known (ZooKeeper, or a user who may not see it). */
type Leadership = 'quorum' | 'none' | 'unknown';

export async function* examineController({ cluster, metadata }: Known): Examination<Leadership> {
  const found = begin('controller');
  const { controllerId } = metadata;
  const target = 'the quorum';
  try {
    if ((await cluster.apiVersion('DescribeQuorum')) < 0) {
      yield found({ target: 'the cluster', ...judgedBroker(controllerId) });
      return controllerId < 0 ? 'none' : 'unknown';
    }
    const quorum = await describeQuorum(cluster);
    yield found({ target, ...judged(quorum) });
    return quorum.leader >= 0 ? 'quorum' : 'none';
  } catch (error) {
    const told = failure(target, error);
    const isDenied = error instanceof KtError && error.code === 'CLUSTER_AUTHORIZATION_FAILED';
    yield found(isDenied ? { ...told, verdict: 'skipped', found: 'this user may not see it' } : told);
    // Without a controller there is no answer in time.
    return error instanceof KtError && error.kind === 'connection' ? 'none' : 'unknown';
  }
}

function judgedBroker(controllerId: number): Omit<Told, 'target'> {
  if (controllerId < 0) return noLeader('no broker is the controller');
  return { verdict: 'ok', found: `broker ${controllerId} is the controller (ZooKeeper)` };
}

/** @param quorum as the active controller describes it */
export function judged({ leader, voters }: Quorum): Omit<Told, 'target'> {
  if (leader < 0) return noLeader('no controller is active');
  const led = `node ${leader} is the active controller of ${counted(voters.length, 'voter')}`;
  const now = voters.find(({ node }) => node === leader)?.lastCaughtUpTimestamp ?? null;
  const silent = voters.filter(
    ({ node, lastFetchTimestamp: last }) => node !== leader && now !== null && (last === null || now - last > silentMs),
  );
  if (silent.length === 0) return { verdict: 'ok', found: led };
  const names = silent.map(({ node, lastFetchTimestamp: last }) =>
    last === null || now === null
      ? `node ${node} was never seen`
      : `node ${node} was last seen ${formatDuration(now - last)} ago`,
  );
  const spare = Math.ceil(voters.length / 2) - 1 - silent.length;
  return {
    verdict: 'warn',
    found: led,
    why: `${someOf(names)}; ${spare > 0 ? `${spare} more may fail` : 'no other may fail, or the cluster stands still'}`,
    cure: `start ${silent.length === 1 ? 'that controller' : 'these controllers'}, or look at the logs; kt cluster quorum shows how far each is`,
  };
}

function noLeader(found: string): Omit<Told, 'target'> {
  return {
    verdict: 'fail',
    found,
    why: 'without one no topic is created and no leader elected',
    cure: 'start the controllers: a majority of them must run',
  };
}
