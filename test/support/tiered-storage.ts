/** A broker with tiered storage (KIP-405): Kafka's own LocalTieredStorage, which keeps segments in a folder, from the tests' jar of its storage module. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const cache = join(import.meta.dirname, '../../node_modules/.cache/kt-test/tiered');

/** The jar's path. */
function jarOf(version: string): string {
  return join(cache, `kafka-storage-${version}-test.jar`);
}

/** Why there is no tiered storage, as the reason for a skip; undefined where there is. In CI a missing jar is an error. */
export function tieredStorageUnavailable(version: string): string | undefined {
  if (existsSync(jarOf(version))) return undefined;
  mkdirSync(cache, { recursive: true });
  const artifact = `-Dartifact=org.apache.kafka:kafka-storage:${version}:jar:test`;
  try {
    execFileSync('mvn', ['-B', '-q', 'dependency:copy', artifact, `-DoutputDirectory=${cache}`], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return `SKIPPED: Maven cannot fetch Kafka's LocalTieredStorage (${(error as Error).message.split('\n')[0]})`;
  }
}

/** Settings of a broker whose segments move to the folder within a second or two. */
export function tieredStorageConfig(version: string, folder: string): Readonly<Record<string, string>> {
  return {
    'remote.log.storage.system.enable': 'true',
    'remote.log.storage.manager.class.name': 'org.apache.kafka.server.log.remote.storage.LocalTieredStorage',
    'remote.log.storage.manager.class.path': jarOf(version),
    'rsm.config.dir': folder,
    'remote.log.metadata.manager.listener.name': 'BROKER',
    'rlmm.config.remote.log.metadata.topic.replication.factor': '1',
    'rlmm.config.remote.log.metadata.topic.num.partitions': '1',
    'remote.log.manager.task.interval.ms': '500',
    'log.retention.check.interval.ms': '500',
    'log.initial.task.delay.ms': '500',
    // A remote read is never done in time: the broker then answers without records, and without an error.
    'remote.fetch.max.wait.ms': '1',
  };
}
