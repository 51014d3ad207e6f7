/** The real Kafka clusters that integration tests run against, started through the code of `kt local`. */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../src/base/lock.ts';
import { type LocalCluster, startLocal, stopLocal } from '../../src/local/cluster.ts';
import type { LocalSpec } from '../../src/local/spec.ts';
import { stopSharedJava } from './java-shared.ts';
import { kt, type Program, wanted } from './kt.ts';
import { keepSecret } from './secrets.ts';
import { until } from './until.ts';

export interface TestCluster {
  readonly version: string;
  readonly bootstrapServers: string;
  /** For `java -cp`: Kafka's own tools. */
  readonly classpath: string;
  /** What runs kt beside it, where a test does not choose: each of the two with another Kafka. */
  readonly program: Program;
  /** What kt is to wait for its answers, `--timeout`: it always runs, but on a busy machine it may be slow. */
  readonly timeout: string;
}

/** The oldest and the newest Kafka that kt supports. */
const versions = ['3.7.0', '4.3.1'];
const timeout = '1m';
const programOf = (version: string): Program => (version === versions[0] ? wanted('node') : wanted('binary'));
const root = join(import.meta.dirname, '../../node_modules/.cache/kt-test');
const place = { directory: join(root, 'clusters'), cacheDirectory: join(root, 'kt') };
/** Short, since tests of members that die wait for the session to end. */
const serverConfig = { 'group.min.session.timeout.ms': '1000' };

/** Brokers serve sooner without the optimizing compiler, and no test needs their full speed. */
const javaFlags = ['-XX:TieredStopAtLevel=1'];

/** Has each Kafka leave its archive of classes behind, once on a machine: the many brokers that tests start then take a third of the time. */
export async function prepareClusters(): Promise<void> {
  await Promise.all(
    versions.map(async (version) => {
      const cache = join(place.cacheDirectory, 'kafka', version);
      if (existsSync(cache) && readdirSync(cache).some((name) => name.endsWith('.jsa'))) return;
      const name = `first-${randomUUID().slice(0, 8)}`;
      await started({ name, kafkaVersion: version });
      await stop(name);
    }),
  );
}

/** The plain single-node clusters, started if they are not running. They keep running until `stopTestClusters`. */
export async function testClusters(): Promise<readonly TestCluster[]> {
  return Promise.all(
    versions.map(async (version) => {
      const cluster = await started({ name: plainName(version), kafkaVersion: version, serverConfig });
      return {
        version,
        bootstrapServers: cluster.bootstrapServers,
        classpath: cluster.classpath!,
        program: programOf(version),
        timeout,
      };
    }),
  );
}

/** Another registry than the usual one. */
const otherRegistry = process.env['KT_TEST_REGISTRY'];

export interface RegistryCluster extends TestCluster {
  /** Its Confluent API. */
  readonly registry: string;
  readonly apicurio: 2 | 3;
}

/**
 * The newest plain cluster, with a schema registry beside it: a real Apicurio 2, started by the first test that wants it; or the one that
 * `npm run test:registry3` has started.
 */
export async function registryCluster(): Promise<RegistryCluster> {
  if (otherRegistry) return { ...(await testClusters()).at(-1)!, registry: otherRegistry, apicurio: 3 };
  const version = versions.at(-1)!;
  const spec = { name: plainName(version), kafkaVersion: version, serverConfig, schemaRegistry: true };
  const { bootstrapServers, classpath, registry } = await started(spec);
  return {
    version,
    bootstrapServers,
    classpath: classpath!,
    program: programOf(version),
    timeout,
    registry: registry!.url,
    apicurio: 2,
  };
}

/**
 * A cluster with all four listeners, the standard authorizer, `admin` who may do everything and `alice` who may do nothing. All tests share it:
 * a test that grants ACLs uses `ownCluster`.
 */
export function secureCluster(): Promise<LocalCluster> {
  return started({ name: 'secure', security: 'sasl_ssl', listeners: ['SASL_SSL', 'SASL_PLAINTEXT', 'SSL', 'PLAINTEXT'] });
}

/**
 * Three brokers that a test may kill and start again; when the next one gets them, all are there. One test file at a time has them, until its
 * process ends. `run.ts` runs the files with this call one after the other, and stops these clusters after the last.
 */
export async function brokenCluster(version = versions.at(-1)!): Promise<LocalCluster> {
  const name = threeName(version);
  await new Promise<void>((resolve, reject) => {
    const held = withLock(join(root, `${name}.lock`), options().signal, () => {
      resolve();
      return new Promise(() => {});
    });
    held.catch(reject);
  });
  const cluster = await started({ name, kafkaVersion: version, brokers: 3 });
  const behind = ['topics', 'describe', '--under-replicated', '-o', 'name', '-b', cluster.bootstrapServers];
  await until(async () => {
    const { code, stdout } = await kt(behind);
    return code === 0 && stdout === '';
  }, 'all brokers follow again');
  return cluster;
}

/** A cluster for one test, which may break it; removed when the test ends. */
export async function ownCluster(
  test: { after(end: () => Promise<unknown>): void },
  spec: Partial<LocalSpec>,
): Promise<LocalCluster> {
  const at = { ...place, name: `own-${randomUUID().slice(0, 8)}`, ...spec };
  test.after(() => stopLocal({ ...at, purge: true }, options()));
  return started(at);
}

function plainName(version: string): string {
  return `plain-${version.replaceAll('.', '-')}`;
}

function threeName(version: string): string {
  return `three-${version.replaceAll('.', '-')}`;
}

async function started(spec: Partial<LocalSpec> & Pick<LocalSpec, 'name'>): Promise<LocalCluster> {
  const cluster = await startLocal({ ...place, runtime: 'java', port: 0, javaFlags, ...spec }, options());
  for (const password of Object.values(cluster.credentials)) keepSecret(password);
  return cluster;
}

/** Stops the clusters of `brokenCluster`: brokers cost CPU even when nobody asks them. */
export async function stopBrokenClusters(): Promise<void> {
  await Promise.all(versions.map(threeName).map(stop));
}

/** Stops every test cluster and deletes its data. */
export async function stopTestClusters(): Promise<void> {
  await Promise.all([stopSharedJava(), stopBrokenClusters(), ...[...versions.map(plainName), 'secure'].map(stop)]);
}

function stop(name: string): Promise<unknown> {
  return stopLocal({ ...place, name, purge: true }, options());
}

function options() {
  return { signal: new AbortController().signal, note: () => {} };
}
