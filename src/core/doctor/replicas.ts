/** Brokers in service, and replicas in sync: what keeps records from being written, or is only one failure away from it. */

import { KtError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import { partitionName } from '../../kafka/routing.ts';
import { registeredBrokers } from '../cluster/describe.ts';
import { type CheckResult, type HealthCheck, type HealthItem, judge } from '../cluster/health.ts';
import { eachTopicConfigs } from '../configs/topic-configs.ts';
import { saysGone } from '../topics/find.ts';
import { begin, type Examination, failure, someOf, type Told } from './finding.ts';
import type { Known } from './metadata.ts';

interface Meaning {
  readonly verdict: 'warn' | 'fail';
  readonly found: (items: number) => string;
  readonly why: string;
  readonly cure: string;
}

/** Of the checks of `kt cluster health`, those that are about brokers and replicas. */
const meanings: Readonly<Partial<Record<HealthCheck, Meaning>>> = {
  brokers: {
    verdict: 'fail',
    found: (items) => `${counted(items, 'broker')} not in service`,
    why: '',
    cure: 'start them, or look at their logs; kt cluster describe shows all brokers',
  },
  'offline-partitions': {
    verdict: 'fail',
    found: (items) => `${counted(items, 'partition')} without a leader`,
    why: 'nobody can read or write them',
    cure: 'start a broker of their in-sync replicas; where none comes back: kt partitions elect-leaders TOPIC --unclean',
  },
  'under-min-isr': {
    verdict: 'fail',
    found: (items) => `${counted(items, 'partition')} with fewer in-sync replicas than min.insync.replicas`,
    why: 'they refuse what producers send with acks=all',
    cure: 'start the brokers of their other replicas; kt topics describe --under-min-isr shows the partitions',
  },
  'under-replicated': {
    verdict: 'warn',
    found: (items) => `${counted(items, 'partition')} with replicas out of sync`,
    why: 'their followers are down or behind',
    cure: 'kt topics describe --under-replicated shows the partitions',
  },
};

/**
 * Brokers are judged by what the cluster says of them: whether they can be reached from here is another step.
 * @param left where there is no controller: the brokers that answer, who know only what it told them last
 */
export async function* examineReplicas(known: Known, left?: readonly number[]): Examination<void> {
  const finding = begin('replicas');
  const target = 'the cluster';
  const found = (told: Told) => finding(left ? knownLast(told, left) : told);
  try {
    const { checks, unread } = await checked(known);
    const ill = checks.filter(({ ok }) => ok === false);
    for (const check of ill) yield found({ target, ...illness(check) });
    if (unread)
      yield found({ ...failure(target, unread, 'min.insync.replicas cannot be read of every topic'), verdict: 'warn' });
    if (ill.length > 0 || unread) return;
    const { brokers, topics } = known.metadata;
    const partitions = [...topics.values()].reduce((sum, topic) => sum + topic.partitions.length, 0);
    const all =
      partitions === 0 ? 'and no partition to be seen' : `all replicas of ${counted(partitions, 'partition')} in sync`;
    yield found({
      target,
      verdict: 'ok',
      found: `${counted(brokers.length, 'broker')} in service${partitions === 0 ? ' ' : ', '}${all}`,
    });
  } catch (error) {
    yield found(failure(target, error));
  }
}

/** Without a controller no broker learns that another one is lost, or back. */
function knownLast(told: Told, left: readonly number[]): Told {
  const who = left.length === 0 ? 'a broker' : left.length === 1 ? `broker ${left[0]}` : `brokers ${someOf(left.map(String))}`;
  return {
    ...told,
    verdict: told.verdict === 'ok' ? 'warn' : told.verdict,
    found: `${who} knew last: ${told.found}`,
    why: `without a controller this may be old${told.why ? `; ${told.why}` : ''}`,
    cure: told.cure ?? 'start the controllers, then look again',
  };
}

const skip = ['controller', 'at-min-isr', 'leader-skew', 'log-dirs'] as const;

/** @returns the checks, and why they lack the configs of some topics */
async function checked({ cluster, metadata }: Known): Promise<{ checks: readonly CheckResult[]; unread: KtError | undefined }> {
  const minIsr = new Map<string, number>();
  let unread: KtError | undefined;
  // Without those that are deleted meanwhile.
  const topics = new Map(metadata.topics);
  const visit: Parameters<typeof eachTopicConfigs>[2] = (topic, configs) => {
    if (configs instanceof KtError) {
      if (saysGone(configs)) topics.delete(topic);
      else unread ??= configs;
    } else minIsr.set(topic, Number(configs['min.insync.replicas']?.value ?? 1));
  };
  const names = ['min.insync.replicas'];
  const [registered] = await Promise.all([
    registeredBrokers(cluster),
    eachTopicConfigs(cluster, [...metadata.topics.keys()], visit, { names }),
  ]);
  const fenced = registered.filter(({ isFenced }) => isFenced).map(({ brokerId }) => brokerId);
  const seen = { metadata: { ...metadata, topics }, hasController: true, fenced, minIsr, logDirs: new Map() };
  return { checks: judge(seen, { skip, minFreePercent: 0 }).checks, unread };
}

function illness({ check, items }: CheckResult): Omit<Told, 'target'> {
  const { verdict, found, why, cure } = meanings[check]!;
  const reasons = someOf(items.map(reasonOf));
  return { verdict, found: `${found(items.length)}: ${someOf(items.map(nameOf))}`, why: why || reasons, cure };
}

function nameOf(item: HealthItem): string {
  if ('topic' in item) return partitionName(item);
  return 'broker' in item ? `${item.broker}` : item.reason;
}

function reasonOf(item: HealthItem): string {
  return 'reason' in item ? item.reason : '';
}
