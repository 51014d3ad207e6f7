/** The configs of one topic, asked for when somebody looks: once, or until they come. */
import { isEnding, KtError } from '../../base/errors.ts';
import { describeConfigs } from '../../core/configs/describe.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { LoadedConfigs } from './topic.ts';
import { retryMs } from './view.ts';

/** @param changed called when they have come */
export function topicConfigs(cluster: Cluster, topic: string, changed: () => void): () => LoadedConfigs {
  let loaded: LoadedConfigs;
  /** When to ask, epoch ms. */
  let dueAt = 0;
  const ask = async (): Promise<void> => {
    dueAt = Number.POSITIVE_INFINITY;
    try {
      const [configs] = await describeConfigs(cluster, [{ type: 'topic', name: topic }], { documentation: false });
      loaded = configs instanceof KtError ? configs : Object.entries(configs!).map(([name, entry]) => ({ name, entry }));
    } catch (error) {
      if (!(error instanceof KtError)) throw error;
      if (!isEnding(error)) loaded = error;
    }
    if (loaded instanceof KtError) dueAt = Date.now() + retryMs;
    changed();
  };
  return () => {
    if (Date.now() >= dueAt) void ask();
    return loaded;
  };
}
