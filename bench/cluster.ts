/** The real Kafka that everything is measured against, started with the code of `kt local`. */
import { join } from 'node:path';
import { startLocal, stopLocal } from '../src/local/cluster.ts';
import { type KafkaTool, kafkaTool } from './kafka-tools.ts';
import { rootDirectory, workDirectory } from './work.ts';

export interface BenchCluster {
  readonly bootstrapServers: string;
  readonly kafkaVersion: string;
  readonly brokers: number;
  /** For `java -cp`: Kafka's own libraries. */
  readonly classpath: string;
  /** The command line of one of Kafka's own tools. */
  kafkaTool(tool: KafkaTool, ...args: readonly string[]): readonly string[];
  /** The same with a class path beside Kafka's own. */
  kafkaToolWith(classpath: string, tool: KafkaTool, ...args: readonly string[]): readonly string[];
  /** The schema registry beside it, started when it is first asked for. */
  registry(): Promise<string>;
}

const place = {
  name: 'bench',
  directory: join(workDirectory, 'clusters'),
  // Shared with the tests, so the jars are downloaded once.
  cacheDirectory: join(rootDirectory, 'node_modules/.cache/kt-test/kt'),
};
const serverConfig = { 'group.initial.rebalance.delay.ms': '0', 'log.segment.delete.delay.ms': '1000' };
const options = { signal: new AbortController().signal, note: (text: string) => console.error(text) };

/** A new, empty cluster; stops an earlier one. */
export async function startBenchCluster(brokers: number): Promise<BenchCluster> {
  await stopBenchCluster();
  const spec = { ...place, runtime: 'java', port: 0, brokers, serverConfig } as const;
  const cluster = await startLocal(spec, options);
  const withServers = (args: readonly string[]) => ['--bootstrap-server', cluster.bootstrapServers, ...args];
  return {
    bootstrapServers: cluster.bootstrapServers,
    kafkaVersion: cluster.kafkaVersion,
    brokers,
    classpath: cluster.classpath!,
    kafkaTool: (tool, ...args) => kafkaTool(tool, cluster.classpath!, withServers(args)),
    kafkaToolWith: (classpath, tool, ...args) => kafkaTool(tool, cluster.classpath!, withServers(args), classpath),
    registry: async () => (await startLocal({ ...spec, schemaRegistry: true }, options)).registry!.url,
  };
}

/** Stops the cluster and deletes its data, even if an earlier run left it behind. */
export async function stopBenchCluster(): Promise<void> {
  await stopLocal({ ...place, purge: true }, options);
}
