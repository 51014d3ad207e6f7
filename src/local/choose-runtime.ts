/** The choice between Docker and Java. */
import { existsSync } from 'node:fs';
import { KtError } from '../base/errors.ts';
import { dockerAnswers, dockerRuntime } from './docker.ts';
import { javaProblem, javaRuntime } from './java.ts';
import type { LocalOptions, Runtime, RuntimeCluster } from './runtime.ts';
import type { RuntimeKind } from './spec.ts';

/** The line to type if neither Docker nor Java is installed. @param exists whether there is such a file, which tells the distribution */
export function installLine(platform: NodeJS.Platform, exists: (path: string) => boolean = existsSync): string {
  // Java is no way there.
  if (platform === 'win32') return 'start Docker Desktop; winget install Docker.DockerDesktop installs it';
  if (platform === 'darwin') return 'brew install openjdk maven';
  if (exists('/etc/debian_version')) return 'sudo apt-get install -y openjdk-17-jdk-headless maven';
  if (exists('/etc/fedora-release')) return 'sudo dnf install -y java-21-openjdk-headless maven';
  return 'start Docker, or install Java 17 or newer and Maven';
}

/**
 * Docker or Java: the one asked for, else the one found.
 * @throws KtError `usage` with the line to type if neither can be used
 */
export async function chooseRuntime(
  asked: 'auto' | RuntimeKind,
  javaHome: string | undefined,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<RuntimeKind> {
  if (asked !== 'java') {
    const problem = await dockerAnswers(signal);
    if (problem === undefined) return 'docker';
    if (asked === 'docker') {
      throw new KtError('usage', `Docker cannot be used (${problem})`, {
        hint: platform === 'win32' ? installLine(platform) : 'start Docker, or take --runtime java',
      });
    }
  }
  const problem = await javaProblem(javaHome, signal, platform);
  if (problem === undefined) return 'java';
  const what = asked === 'java' ? 'Java cannot be used' : 'nothing to run Kafka with: no Docker daemon answers, and';
  throw new KtError('usage', `${what} ${asked === 'java' ? `(${problem})` : problem}`, { hint: installLine(platform) });
}

/** The runtime of a cluster; starts nothing yet. */
export function openRuntime(kind: RuntimeKind, cluster: RuntimeCluster, options: LocalOptions): Runtime {
  return kind === 'docker' ? dockerRuntime(cluster, options) : javaRuntime(cluster, options);
}
