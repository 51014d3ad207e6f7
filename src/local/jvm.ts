/** How a Kafka node is started by Java, here or in a container. */

import { versionAtLeast } from './spec.ts';
import type { NodeState } from './state.ts';

/** What the node logs once it serves clients. */
export const readyLine = 'Kafka Server started';

/** A quick start and a modest heap; the optimizing compiler stays on, since bulk reads gain from it. */
const flags = ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-Djava.awt.headless=true'];

/** The log's file, beside the nodes' folders, and the flag that names it: log4j 1 up to Kafka 3, log4j 2 since. */
function logging(kafkaVersion: string): { readonly file: string; readonly flag: string; readonly text: string } {
  if (versionAtLeast(kafkaVersion, 4, 0)) {
    return {
      file: 'log4j2.properties',
      flag: '-Dlog4j2.configurationFile=../log4j2.properties',
      text: `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
logger.ready.name = kafka.server.KafkaRaftServer
logger.ready.level = info
`,
    };
  }
  return {
    file: 'log4j.properties',
    flag: '-Dlog4j.configuration=file:../log4j.properties',
    text: `log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n
log4j.logger.kafka.server.KafkaRaftServer=INFO
`,
  };
}

/** Name and text of the log configuration that `brokerArguments` points to. */
export function loggingFile(kafkaVersion: string): readonly [name: string, text: string] {
  const { file, text } = logging(kafkaVersion);
  return [file, text];
}

/** Java's arguments for a node, run in the node's folder. `marker` distinguishes this process from any other; `further` are flags of this Java. */
export function brokerArguments(
  kafkaVersion: string,
  classpath: string,
  marker: string,
  further: readonly string[] = [],
): string[] {
  return [...flags, ...further, logging(kafkaVersion).flag, marker, '-cp', classpath, 'kafka.Kafka', 'server.properties'];
}

/** The file in a node's folder with the words that format its storage, of which some are passwords: everybody can see a command line. */
export const formatFile = 'format.args';

/** Java's arguments that format a node's storage, run in the node's folder, where `formatFile` is. */
export function formatArguments(kafkaVersion: string, classpath: string, further: readonly string[] = []): string[] {
  return [...flags, ...further, '-XX:TieredStopAtLevel=1', logging(kafkaVersion).flag, '-cp', classpath, `@${formatFile}`];
}

/** The text of `formatFile`, SCRAM users included, in the syntax of `java @argfile`. */
export function formatFileText(state: {
  readonly clusterId: string;
  readonly users: Readonly<Record<string, string>>;
}): string {
  const users = Object.entries(state.users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
  const tool = ['kafka.tools.StorageTool', 'format', '--cluster-id', state.clusterId, '--config', 'server.properties'];
  return [...tool, ...users].map((word) => `"${word.replace(/[\\"]/g, '\\$&')}"\n`).join('');
}

/** The flag in a node's command line by which kt knows it. */
export function nodeMarker(clusterDirectory: string, node: Pick<NodeState, 'id'>): string {
  return `-Dkt.local=${clusterDirectory}/node-${node.id};`;
}
