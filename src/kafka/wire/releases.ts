/** Which Kafka release brought what: the APIs that the oldest supported broker lacks, and the levels of metadata.version. */
import { apiKeys } from './generated/descriptors.ts';
import type { ApiName } from './generated/types.ts';
import type { ApiRanges } from './versions.ts';

/** APIs newer than Kafka 2.1, each with the first release that has a version kt speaks; oldest first. */
const since: Readonly<Partial<Record<ApiName, string>>> = {
  ElectLeaders: '2.2',
  IncrementalAlterConfigs: '2.3',
  AlterPartitionReassignments: '2.4',
  ListPartitionReassignments: '2.4',
  OffsetDelete: '2.4',
  AlterClientQuotas: '2.6',
  DescribeClientQuotas: '2.6',
  AlterUserScramCredentials: '2.7',
  DescribeUserScramCredentials: '2.7',
  UpdateFeatures: '2.7',
  DescribeCluster: '2.8',
  DescribeProducers: '2.8',
  UnregisterBroker: '2.8',
  DescribeTransactions: '3.0',
  ListTransactions: '3.0',
  DescribeQuorum: '3.3',
  ConsumerGroupDescribe: '3.7',
  ConsumerGroupHeartbeat: '3.7',
  ListConfigResources: '3.7',
  DescribeTopicPartitions: '3.8',
  AddRaftVoter: '3.9',
  RemoveRaftVoter: '3.9',
  AlterShareGroupOffsets: '4.1',
  DeleteShareGroupOffsets: '4.1',
  DescribeShareGroupOffsets: '4.1',
  ShareAcknowledge: '4.1',
  ShareFetch: '4.1',
  ShareGroupDescribe: '4.1',
  ShareGroupHeartbeat: '4.1',
  StreamsGroupDescribe: '4.1',
};

/** APIs that no cluster with ZooKeeper has, however new it is. */
const onlyKraft: ReadonlySet<ApiName> = new Set([
  'AddRaftVoter',
  'ConsumerGroupDescribe',
  'ConsumerGroupHeartbeat',
  'DescribeQuorum',
  'DescribeTopicPartitions',
  'ListConfigResources',
  'RemoveRaftVoter',
  'UnregisterBroker',
]);

/** What it takes to have an API, for the hint of an error: `it came with Kafka 2.4`. */
export function whatBrings(api: ApiName): string {
  const release = since[api];
  if (release === undefined) return 'the broker is too old (or too new) for this; kt works with Kafka 2.1 and newer';
  const kraft = onlyKraft.has(api) ? ', and only clusters with KRaft (without ZooKeeper) have it' : '';
  return `it came with Kafka ${release}${kraft}`;
}

/** Every level of `metadata.version`, the first being level 1 (KIP-778; Kafka's MetadataVersion). */
const metadataVersions =
  '3.0-IV1 3.1-IV0 3.2-IV0 3.3-IV0 3.3-IV1 3.3-IV2 3.3-IV3 3.4-IV0 3.5-IV0 3.5-IV1 3.5-IV2 3.6-IV0 3.6-IV1 3.6-IV2 3.7-IV0 3.7-IV1 3.7-IV2 3.7-IV3 3.7-IV4 3.8-IV0 3.9-IV0 4.0-IV0 4.0-IV1 4.0-IV2 4.0-IV3 4.1-IV0 4.1-IV1 4.2-IV0 4.2-IV1 4.3-IV0'.split(
    ' ',
  );

/** A level of a feature as Kafka's own tools print it: `4.3-IV0` for metadata.version; the number for other features and unknown levels. */
export function levelName(feature: string, level: number): string {
  return (feature === 'metadata.version' ? metadataVersions[level - 1] : undefined) ?? String(level);
}

/** The level of a feature by its number or, for metadata.version, its name (`4.3-IV0`) or a release; undefined for what kt does not know. */
export function levelNamed(feature: string, text: string): number | undefined {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  return feature === 'metadata.version' ? levelsIn(text)?.get(feature) : undefined;
}

/** From which metadata.version on a feature has which level by default (KIP-1022; kafka-features version-mapping). */
const defaultLevels: readonly (readonly [feature: string, level: number, since: string])[] = [
  ['kraft.version', 1, '3.9-IV0'],
  ['transaction.version', 2, '4.0-IV2'],
  ['group.version', 1, '4.0-IV0'],
  ['eligible.leader.replicas.version', 1, '4.1-IV0'],
  ['share.version', 1, '4.2-IV0'],
  ['streams.version', 1, '4.2-IV1'],
];

/**
 * The level of every feature in a release.
 * @param text `4.3`, `4.3.1`, or the metadata.version itself: `4.3-IV0`
 * @returns undefined for a release that kt does not know
 */
export function levelsIn(text: string): ReadonlyMap<string, number> | undefined {
  const [release] = /^\d+\.\d+(?=(\.\d+)*$)/.exec(text) ?? [];
  const at = release
    ? metadataVersions.findLastIndex((name) => releaseIn(name) === release)
    : metadataVersions.indexOf(text.toUpperCase());
  if (at < 0) return undefined;
  const levels = defaultLevels.map(([feature, level, from]): [string, number] => [
    feature,
    at >= metadataVersions.indexOf(from) ? level : 0,
  ]);
  return new Map([['metadata.version', at + 1], ...levels]);
}

/**
 * The release that a broker runs, as far as kt can tell: exact if the broker knows `metadata.version` (`4.3`), else the newest
 * one that brought an API the broker has (`2.8 or newer`).
 * @param newestMetadata the highest level of metadata.version the broker supports; undefined when it does not know the feature
 */
export function releaseOf(apis: ApiRanges, newestMetadata: number | undefined): string {
  if (newestMetadata !== undefined) {
    const name = metadataVersions[newestMetadata - 1];
    return name === undefined ? `newer than ${releaseIn(metadataVersions.at(-1)!)}` : releaseIn(name);
  }
  const brought = Object.entries(since).filter(([api]) => apis[apiKeys[api as ApiName]]);
  return `${brought.at(-1)?.[1] ?? '2.1'} or newer`;
}

function releaseIn(metadataVersion: string): string {
  return metadataVersion.replace(/-IV\d+$/, '');
}
