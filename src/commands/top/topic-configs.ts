/** The configs of one topic, asked for once, when somebody looks. */
import { isEnding, KtError } from '../../base/errors.ts';
import { describeConfigs } from '../../core/configs/describe.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { LoadedConfigs } from './topic.ts';

/** @param changed called when they have come */
export function topicConfigs(cluster: Cluster, topic: string, changed: () => void): () => LoadedConfigs {
  let loaded: LoadedConfigs;
  let isAsked = false;
  const ask = async (): Promise<void> => {
    try {
      const [configs] = await describeConfigs(cluster, [{ type: 'topic', name: topic }], { documentation: false });
      loaded = configs instanceof KtError ? configs : Object.entries(configs!).map(([name, entry]) => ({ name, entry }));
    } catch (error) {
      if (!(error instanceof KtError)) throw error;
      if (!isEnding(error)) loaded = error;
    }
    changed();
  };
  return () => {
    if (!isAsked) void ask();
    isAsked = true;
    return loaded;
  };
}
