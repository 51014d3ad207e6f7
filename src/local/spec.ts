/** What a local cluster should be like, and the defaults. */
import { usageError } from '../base/errors.ts';

export const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export type Protocol = (typeof protocols)[number];

export const securities = ['plaintext', 'sasl_ssl'] as const;
export type Security = (typeof securities)[number];

export const runtimes = ['auto', 'docker', 'java'] as const;
export type RuntimeKind = 'docker' | 'java';

/** What `startLocal` takes. Anything left out is as in the kept cluster, or else the default. */
export interface LocalSpec {
  /** Which cluster; several live side by side. */
  readonly name: string;
  /** The folder that holds a folder per cluster: `$XDG_DATA_HOME/kt/local`. */
  readonly directory: string;
  /** kt's cache: `$XDG_CACHE_HOME/kt`. */
  readonly cacheDirectory: string;
  /** `JAVA_HOME`; undefined takes the `java` on the path. */
  readonly javaHome?: string | undefined;
  /** Default 1. */
  readonly brokers?: number | undefined;
  /** Default 4.3.1. */
  readonly kafkaVersion?: string | undefined;
  /** The first broker's port; the others follow it. 0 takes any free ports. Default 9092. */
  readonly port?: number | undefined;
  /** `sasl_ssl` also switches the authorizer on. Default plaintext. */
  readonly security?: Security | undefined;
  /** Default auto: Docker where its daemon answers, else Java. */
  readonly runtime?: (typeof runtimes)[number] | undefined;
  /**
   * The listeners that clients see, the main one first, each on its own port. Default PLAINTEXT or SASL_SSL, depending on `security`.
   * With the authorizer, PLAINTEXT or SSL here makes ANONYMOUS a super user: on those listeners clients could do nothing otherwise.
   */
  readonly listeners?: readonly Protocol[] | undefined;
  /** Runs a schema registry beside the brokers, which stays with the cluster. */
  readonly schemaRegistry?: boolean | undefined;
  /** Broker settings on top of kt's own. */
  readonly serverConfig?: Readonly<Record<string, string>> | undefined;
  /** Flags of the brokers' Java on top of kt's own. */
  readonly javaFlags?: readonly string[] | undefined;
}

/** The part of a spec that cannot change while the data is kept. */
export interface LocalSettings {
  readonly brokers: number;
  readonly kafkaVersion: string;
  readonly security: Security;
  readonly listeners: readonly Protocol[];
  readonly serverConfig: Readonly<Record<string, string>>;
  readonly javaFlags?: readonly string[];
}

/** Some releases that can be run, for completion. */
export const releases = ['4.3.1', '4.2.0', '4.1.0', '4.0.0', '3.9.0', '3.8.0', '3.7.0'] as const;
export const defaultKafkaVersion = '4.3.1';
export const defaultPort = 9092;
const oldestKafka = [3, 7] as const;

/** Compares as numbers, so that 3.10 is newer than 3.7. */
export function versionAtLeast(version: string, major: number, minor: number): boolean {
  const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}

/** @throws KtError `usage` for an impossible value */
export function checkSpec(spec: LocalSpec): void {
  if (!/^[a-z0-9][a-z0-9_-]{0,40}$/.test(spec.name)) {
    throw usageError(
      `--name ${JSON.stringify(spec.name)} (not a cluster name)`,
      'use lower-case letters, digits, - and _, such as default or ci-2',
    );
  }
  const { brokers, kafkaVersion, port, listeners } = spec;
  if (brokers !== undefined && !(Number.isInteger(brokers) && brokers >= 1 && brokers <= 9)) {
    throw usageError(`--brokers ${brokers} (a local cluster has 1 to 9)`, 'try --brokers 3');
  }
  if (kafkaVersion !== undefined && !/^\d+\.\d+\.\d+$/.test(kafkaVersion)) {
    throw usageError(
      `--kafka-version ${JSON.stringify(kafkaVersion)} (not a release)`,
      `releases look like ${defaultKafkaVersion}`,
    );
  }
  if (kafkaVersion !== undefined && !versionAtLeast(kafkaVersion, ...oldestKafka)) {
    throw usageError(
      `--kafka-version ${kafkaVersion} (older than ${oldestKafka.join('.')}.0)`,
      `try --kafka-version 3.7.0 or leave it out for ${defaultKafkaVersion}`,
    );
  }
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port + (brokers ?? 1) - 1 <= 65535)) {
    throw usageError(`--port ${port} (beyond the last port, 65535)`, 'try --port 19092, or --port 0 for any free one');
  }
  if (listeners?.length === 0) throw usageError('a cluster without listeners', 'name at least one of the protocols');
}

/** The settings of a new cluster. */
export function newSettings(spec: LocalSpec): LocalSettings {
  const security = spec.security ?? 'plaintext';
  return {
    brokers: spec.brokers ?? 1,
    kafkaVersion: spec.kafkaVersion ?? defaultKafkaVersion,
    security,
    listeners: spec.listeners ?? [security === 'sasl_ssl' ? 'SASL_SSL' : 'PLAINTEXT'],
    serverConfig: spec.serverConfig ?? {},
    ...(spec.javaFlags && { javaFlags: spec.javaFlags }),
  };
}

/** `--flag` and both values of the first setting that differs from the cluster's. */
export function difference(spec: LocalSpec, kept: LocalSettings & { runtime: RuntimeKind }): string | undefined {
  const asked: readonly (readonly [flag: string, asked: unknown, kept: unknown])[] = [
    ['--kafka-version', spec.kafkaVersion, kept.kafkaVersion],
    ['--brokers', spec.brokers, kept.brokers],
    ['--security', spec.security, kept.security],
    ['--runtime', spec.runtime === 'auto' ? undefined : spec.runtime, kept.runtime],
    ['listeners', spec.listeners?.join(), kept.listeners.join()],
    ['server configs', spec.serverConfig && JSON.stringify(spec.serverConfig), JSON.stringify(kept.serverConfig)],
  ];
  const found = asked.find(([, value, its]) => value !== undefined && value !== its);
  return found && `${found[0]} ${found[2]}, not ${found[1]}`;
}
