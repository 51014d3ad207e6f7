/** Kafka's own tools: their scripts if KAFKA_HOME has them, as people run them, else the classes behind them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const classes = {
  'kafka-topics': 'TopicCommand',
  'kafka-console-producer': 'ConsoleProducer',
  'kafka-console-consumer': 'consumer.ConsoleConsumer',
  'kafka-consumer-groups': 'consumer.group.ConsumerGroupCommand',
} as const;
export type KafkaTool = keyof typeof classes;

const scripts = join(process.env['KAFKA_HOME'] ?? '', 'bin');
/** Whether the tools' scripts are run; their own time (a loop over all of Kafka's jars) then counts. */
export const hasScripts = existsSync(join(scripts, 'kafka-topics.sh'));

/** The JVM options that the scripts set. */
const jvmOptions = ['-Xmx512M', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-Djava.awt.headless=true'];

/** A tool's command line. @param more a class path beside Kafka's own */
export function kafkaTool(tool: KafkaTool, classpath: string, args: readonly string[], more = ''): readonly string[] {
  if (hasScripts) return [...(more ? ['env', `CLASSPATH=${more}`] : []), join(scripts, `${tool}.sh`), ...args];
  const all = more ? `${classpath}:${more}` : classpath;
  return ['java', ...jvmOptions, '-cp', all, `org.apache.kafka.tools.${classes[tool]}`, ...args];
}
