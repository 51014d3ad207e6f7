/** Java for short runs beside a cluster: Kafka's tools, and clients in Java. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Flags for a quick start with this class path, which they name: Kafka's jars, and others behind them. */
export function quickJava(classpath: string, heap = '256m'): string[] {
  const folder = dirname(dirname(classpath.split(':')[0]!));
  const archive = readdirSync(folder).find((name) => /^classes-\w+\.jsa$/.test(name));
  const shared = archive ? [`-XX:SharedArchiveFile=${join(folder, archive)}`, '-Xlog:cds=off'] : [];
  return [`-Xmx${heap}`, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', ...shared, '-cp', classpath];
}
