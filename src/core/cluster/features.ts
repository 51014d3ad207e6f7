/** Changes the levels of features that are in force: UpdateFeatures (KIP-584, KIP-778). */
import { KtError, usageError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { levelName, levelNamed, levelsIn } from '../../kafka/wire/releases.ts';
import { untilSeen } from '../topics/until-seen.ts';
import { describeFeatures } from './versions.ts';

/** A feature and the level it is to have; 0 disables it. */
export interface FeatureLevel {
  readonly feature: string;
  readonly level: number;
}

/** The protocol's number of each way: a downgrade may lose metadata only when that is allowed. */
const ways = { upgrade: 1, downgrade: 2, 'unsafe downgrade': 3 } as const;
export type FeatureWay = keyof typeof ways;

interface NamedLevel {
  readonly level: number;
  readonly name: string;
}

export interface FeatureOutcome {
  readonly feature: string;
  readonly before: NamedLevel;
  readonly after: NamedLevel;
  /** `valid`: a dry run that the cluster would have accepted; `unchanged`: it had the level. */
  readonly status: 'changed' | 'unchanged' | 'valid' | 'failed';
  readonly error?: KtError;
}

/** Since this version the request says which way, and may be a trial. */
const trialVersion = 1;

/** Reads `metadata.version=4.3-IV0` and `group.version=1`. @throws KtError `usage` */
export function featureLevel(text: string): FeatureLevel {
  const [, feature, name] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const level = feature === undefined ? undefined : levelNamed(feature, name!);
  if (feature === undefined || level === undefined)
    throw usageError(
      `${text} (not a feature and its level)`,
      'such as group.version=1 or metadata.version=4.3-IV0; kt cluster features shows them',
    );
  return { feature, level };
}

/** Reads a release, `4.3`: the level of every feature in it. @throws KtError `usage` for one that kt does not know */
export function releaseLevels(text: string): readonly FeatureLevel[] {
  const levels = levelsIn(text);
  if (!levels) throw usageError(`${text} (no release that kt knows)`, 'such as 4.3 or 4.3-IV0; kt cluster features shows them');
  return [...levels].map(([feature, level]) => ({ feature, level }));
}

/**
 * Gives features other levels, all of them or none; resolves when the broker knows them.
 * @throws KtError `refused` where brokers cannot try it out
 */
export async function changeFeatures(
  cluster: Cluster,
  wanted: readonly FeatureLevel[],
  way: FeatureWay,
  dryRun: boolean,
): Promise<readonly FeatureOutcome[]> {
  const before = await levels(cluster);
  const named = (feature: string, level: number): NamedLevel => ({ level, name: levelName(feature, level) });
  const outcome = ({ feature, level }: FeatureLevel, status: FeatureOutcome['status']): FeatureOutcome => ({
    ...{ feature, before: named(feature, before.get(feature) ?? 0), after: named(feature, level), status },
  });
  const changed = wanted.filter(({ feature, level }) => before.get(feature) !== level);
  const errors = changed.length === 0 ? new Map<string, KtError>() : await send(cluster, changed, way, dryRun);
  if (errors.size === 0 && !dryRun && changed.length > 0)
    await untilSeen(cluster, async () => {
      const now = await levels(cluster);
      return changed.every(({ feature, level }) => (now.get(feature) ?? 0) === level);
    });
  return wanted.map((each) => {
    if (!changed.includes(each)) return outcome(each, 'unchanged');
    const error = errors.get(each.feature);
    if (error) return { ...outcome(each, 'failed'), after: outcome(each, 'failed').before, error };
    return outcome(each, dryRun ? 'valid' : 'changed');
  });
}

async function levels(cluster: Cluster): Promise<ReadonlyMap<string, number>> {
  const { features } = await describeFeatures(cluster);
  return new Map(features.map(({ feature, finalized }) => [feature, finalized.level]));
}

/** @returns why features were refused; an error of the whole request is each one's */
async function send(
  cluster: Cluster,
  changes: readonly FeatureLevel[],
  way: FeatureWay,
  validateOnly: boolean,
): Promise<ReadonlyMap<string, KtError>> {
  const isNew = (await cluster.apiVersion('UpdateFeatures')) >= trialVersion;
  if (validateOnly && !isNew)
    throw new KtError('refused', 'the brokers cannot try this out', {
      code: 'UNSUPPORTED_VERSION',
      hint: 'dry runs came with Kafka 3.3',
    });
  const featureUpdates = changes.map(({ feature, level }) => ({
    ...{ feature, maxVersionLevel: level },
    ...(isNew ? { upgradeType: ways[way] } : { allowDowngrade: way !== 'upgrade' }),
  }));
  const body = { timeoutMs: cluster.timeoutMs, featureUpdates, ...(isNew && { validateOnly }) };
  const answer = await cluster.request('UpdateFeatures', body, 'controller');
  const results = new Map(answer.results.map((result) => [result.feature, result]));
  return new Map(
    changes.flatMap(({ feature }) => {
      const own = results.get(feature);
      const { errorCode, errorMessage } = answer.errorCode !== 0 ? answer : (own ?? answer);
      return errorCode === 0
        ? []
        : [[feature, refusedFor(errorCode, `feature ${feature} not changed`, { cluster: ['ALTER'] }, errorMessage)] as const];
    }),
  );
}
