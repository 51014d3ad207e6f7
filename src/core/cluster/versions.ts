/** What brokers report in ApiVersions: APIs with their versions, features, and the Kafka release derived from them. */
import { KtError } from '../../base/errors.ts';
import type { BrokerNode, Cluster } from '../../kafka/cluster.ts';
import { refused } from '../../kafka/wire/errors.ts';
import { apiNames } from '../../kafka/wire/generated/api-names.ts';
import { levelName, releaseOf } from '../../kafka/wire/releases.ts';
import { type ApiRanges, usedVersion } from '../../kafka/wire/versions.ts';
import { brokerProblems, chosenBrokers, type PerBroker, perBroker } from './brokers.ts';

interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/** What one broker reports. */
export interface BrokerVersions {
  readonly broker: number;
  /** The release it runs, as far as its versions show: `4.3`, `2.8 or newer`. */
  readonly release: string;
  readonly apis: ApiRanges;
  /** Ranges of levels it supports, by the feature's name; empty before Kafka 2.7. */
  readonly supported: ReadonlyMap<string, VersionRange>;
  /** Levels in force for the whole cluster, by the feature's name. */
  readonly finalized: ReadonlyMap<string, number>;
  /** Counts changes of the finalized features; null when there was none. */
  readonly epoch: bigint | null;
}

/** Asks every broker of the cluster for its versions, all at once. */
export async function brokerVersions(cluster: Cluster, brokers: readonly BrokerNode[]): Promise<PerBroker<BrokerVersions>> {
  return perBroker(
    brokers.map(({ id }) => id),
    (broker) => versionsOf(cluster, broker),
  );
}

async function versionsOf(cluster: Cluster, broker: number): Promise<BrokerVersions> {
  // KIP-511: the broker wants a name and a version of the client's software, in letters, digits, dots and dashes.
  const body = { clientSoftwareName: 'kt', clientSoftwareVersion: '0' };
  const answer = await cluster.request('ApiVersions', body, { broker });
  if (answer.errorCode !== 0) throw refused(answer.errorCode, `API versions of broker ${broker}`);
  const apis = Object.fromEntries(
    answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { minVersion, maxVersion }]),
  );
  const supported = new Map(
    answer.supportedFeatures.map(({ name, minVersion, maxVersion }) => [name, { min: minVersion, max: maxVersion }]),
  );
  return {
    broker,
    release: releaseOf(apis, supported.get('metadata.version')?.max),
    apis,
    supported,
    finalized: new Map(answer.finalizedFeatures.map(({ name, maxVersionLevel }) => [name, maxVersionLevel])),
    epoch: answer.finalizedFeaturesEpoch < 0n ? null : answer.finalizedFeaturesEpoch,
  };
}

export interface ApiOfBroker {
  /** Kafka's name; null for an API newer than kt. */
  readonly api: string | null;
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** The version kt uses with this broker; null for an API that kt does not use. */
  readonly used: number | null;
}

export interface BrokerApis {
  readonly broker: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  readonly release: string | null;
  /** By API key; empty when the broker did not answer. */
  readonly apis: readonly ApiOfBroker[];
  readonly error?: KtError;
}

/** Every API of every broker, brokers by id, with the version that kt uses. */
export async function describeApis(cluster: Cluster, only: readonly number[]): Promise<readonly BrokerApis[]> {
  const { brokers } = await cluster.metadata([]);
  const wanted = chosenBrokers(brokers, only);
  const answers = await brokerVersions(cluster, wanted);
  return wanted.map(({ id, host, port, rack }): BrokerApis => {
    const node = { broker: id, host, port, rack };
    const answer = answers.get(id)!;
    if (answer instanceof KtError) return { ...node, release: null, apis: [], error: answer };
    const apis = Object.entries(answer.apis).map(([key, range]): ApiOfBroker => {
      const apiKey = Number(key);
      return { api: apiNames[apiKey] ?? null, apiKey, ...range, used: usedVersion(apiKey, answer.apis) ?? null };
    });
    return { ...node, release: answer.release, apis: apis.sort((a, b) => a.apiKey - b.apiKey) };
  });
}

interface Level {
  readonly level: number;
  /** As Kafka's tools show it: `4.3-IV0`. */
  readonly name: string;
}

export interface Feature {
  readonly feature: string;
  /** The levels that all brokers with this feature support; null when no broker has it. */
  readonly supportedMin: Level | null;
  readonly supportedMax: Level | null;
  /** The level in force; 0 while the feature is disabled. */
  readonly finalized: Level;
  /** What each broker supports. */
  readonly brokers: readonly (VersionRange & { readonly broker: number })[];
}

export interface Features {
  readonly epoch: bigint | null;
  /** By name. */
  readonly features: readonly Feature[];
  readonly problems: readonly KtError[];
}

/** The features of the cluster: levels that all its brokers support, and those in force (KIP-584). */
export async function describeFeatures(cluster: Cluster): Promise<Features> {
  const { brokers } = await cluster.metadata([]);
  const answers = await brokerVersions(cluster, brokers);
  return { ...featuresOf(answered(answers)), problems: brokerProblems(answers) };
}

/** The brokers that answered, by id. */
export function answered(answers: PerBroker<BrokerVersions>): readonly BrokerVersions[] {
  return [...answers.values()]
    .flatMap((answer) => (answer instanceof KtError ? [] : answer))
    .sort((a, b) => a.broker - b.broker);
}

/** Takes the finalized levels of the highest epoch: a broker may not know the last change yet. */
export function featuresOf(brokers: readonly BrokerVersions[]): Omit<Features, 'problems'> {
  const latest = brokers.reduce<BrokerVersions | undefined>(
    (last, each) => (last === undefined || (each.epoch ?? -1n) > (last.epoch ?? -1n) ? each : last),
    undefined,
  );
  const names = new Set(brokers.flatMap(({ supported, finalized }) => [...supported.keys(), ...finalized.keys()]));
  const features = [...names].sort().map((feature): Feature => {
    const ranges = brokers.flatMap(({ broker, supported }) => {
      const range = supported.get(feature);
      return range ? [{ broker, ...range }] : [];
    });
    const [first] = ranges;
    const named = (level: number): Level => ({ level, name: levelName(feature, level) });
    return {
      feature,
      supportedMin: first ? named(Math.max(...ranges.map(({ min }) => min))) : null,
      supportedMax: first ? named(Math.min(...ranges.map(({ max }) => max))) : null,
      finalized: named(latest?.finalized.get(feature) ?? 0),
      brokers: ranges,
    };
  });
  return { epoch: latest?.epoch ?? null, features };
}
