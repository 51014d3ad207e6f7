/** The topics that an aggregation writes to: made where they are missing. */
import { KtError } from '../../../base/errors.ts';
import { shellWord } from '../../../base/shell-word.ts';
import { formatDuration } from '../../../base/units.ts';
import type { Configs } from '../../../core/configs/entries.ts';
import { eachTopicConfigs } from '../../../core/configs/topic-configs.ts';
import { createTopics } from '../../../core/topics/create.ts';
import type { Cluster } from '../../../kafka/cluster.ts';

interface Wanted {
  /** -1: the broker's default. */
  readonly partitions: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** Results carry the times of their windows, which may be long ago: by the broker's retention they would soon be gone. */
const kept: Wanted = { partitions: -1, configs: { 'retention.ms': '-1' } };
const compacted: Wanted = { partitions: 1, configs: { 'cleanup.policy': 'compact' } };

interface Events {
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
}

/**
 * Makes a topic for results or late records, unless it is there.
 * @returns what says once that the topic is about to delete what is written to it, if it is
 */
export async function resultTopic(cluster: Cluster, topic: string, { note, warn }: Events): Promise<(timeMs: number) => void> {
  if (await makeMissing(cluster, topic, kept)) {
    note(`topic ${topic} created: it keeps results for ever, as they carry the times of their windows (retention.ms=-1)`);
    return () => {};
  }
  const configs = await configsOf(cluster, topic);
  const retentionMs = Number(configs?.['retention.ms']?.value ?? -1);
  const deletes = configs?.['cleanup.policy']?.value?.includes('delete') ?? false;
  const keepsTimes = configs?.['message.timestamp.type']?.value === 'CreateTime';
  if (!deletes || !keepsTimes || retentionMs < 0) return () => {};
  let isTold = false;
  return (timeMs) => {
    if (isTold || timeMs >= Date.now() - retentionMs) return;
    isTold = true;
    warn(
      `topic ${topic} deletes what is older than ${formatDuration(retentionMs)}, and so are some results, which carry the times of their windows (kt topics alter ${shellWord(topic)} --retention forever keeps them)`,
    );
  };
}

/** Makes the topic for state, unless it is there. @throws KtError `refused` where it would lose state */
export async function changelogTopic(cluster: Cluster, topic: string): Promise<void> {
  if (await makeMissing(cluster, topic, compacted)) return;
  const policy = (await configsOf(cluster, topic))?.['cleanup.policy']?.value;
  if (policy === undefined || policy === null || policy === 'compact') return;
  throw new KtError('refused', `topic ${topic} (it is to keep the state, and has cleanup.policy=${policy})`, {
    hint: `kt topics alter ${shellWord(topic)} --config cleanup.policy=compact, or choose another --group`,
  });
}

/** @returns whether it was missing */
async function makeMissing(cluster: Cluster, topic: string, { partitions, configs }: Wanted): Promise<boolean> {
  const known = (await cluster.metadata([topic])).topics.get(topic);
  if (known?.errorCode === 0) return false;
  const spec = { topic, partitions, replicationFactor: -1, assignment: [], configs: new Map(Object.entries(configs)) };
  const [outcome] = await createTopics(cluster, [spec], { ifNotExists: true, dryRun: false });
  if (outcome?.error) throw outcome.error;
  return outcome?.status === 'created';
}

/** Undefined where they may not be read. */
async function configsOf(cluster: Cluster, topic: string): Promise<Configs | undefined> {
  let found: Configs | undefined;
  const names = ['retention.ms', 'cleanup.policy', 'message.timestamp.type'];
  await eachTopicConfigs(cluster, [topic], (_, configs) => (found = configs instanceof KtError ? undefined : configs), {
    names,
  });
  return found;
}
