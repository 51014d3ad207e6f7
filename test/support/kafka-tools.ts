/** Kafka's own command-line tools, asked the same question as kt. */
import type { TestCluster } from './clusters.ts';
import { javaTool } from './foreign-clients.ts';

/** Runs one of Kafka's tools on a cluster; resolves with its stdout. */
export type KafkaTool = (...args: readonly string[]) => Promise<string>;

/** The tools behind kafka-configs.sh, kafka-topics.sh, kafka-get-offsets.sh and kafka-delete-records.sh. */
export function kafkaTools({ bootstrapServers, classpath }: Pick<TestCluster, 'bootstrapServers' | 'classpath'>) {
  const tool =
    (name: string): KafkaTool =>
    (...args) =>
      javaTool(classpath, name, ['--bootstrap-server', bootstrapServers, ...args]);
  return {
    configs: tool('kafka.admin.ConfigCommand'),
    topics: tool('org.apache.kafka.tools.TopicCommand'),
    getOffsets: tool('org.apache.kafka.tools.GetOffsetShell'),
    deleteRecords: tool('org.apache.kafka.tools.DeleteRecordsCommand'),
    transactions: tool('org.apache.kafka.tools.TransactionsCommand'),
  };
}

/** What kafka-configs prints of a resource: each config's value and whether it is sensitive. */
export function printedConfigs(text: string): Readonly<Record<string, string>> {
  const lines = text.matchAll(/^ {2}(\S+?)=(.*?) sensitive=(?:true|false) synonyms=\{.*\}$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}
