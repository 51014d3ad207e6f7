/** Kafka nodes as containers of the image apache/kafka, with the same configuration files as the Java runtime. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { KtError } from '../base/errors.ts';
import { withFormatFile } from './format-file.ts';
import { brokerArguments, formatArguments, nodeMarker } from './jvm.ts';
import { type Finished, run } from './process.ts';
import type { LocalOptions, Runtime, RuntimeCluster } from './runtime.ts';
import type { NodeState } from './state.ts';
import { isBusyPort } from './waiting.ts';

/** Where Kafka's jars are in the image. */
const classpath = '/opt/kafka/libs/*';
/** Each node has its own host name on the cluster's network, so all can use the same ports there. */
const brokerPort = 29092;
const controllerPort = 29093;
const answerMs = 2_000;

/** Why Docker cannot be used; undefined when its daemon answers within two seconds. */
export async function dockerAnswers(signal: AbortSignal): Promise<string | undefined> {
  const asked = await run('docker', ['version', '--format', '{{.Server.Version}}'], { signal, timeoutMs: answerMs });
  if (asked.code === 0 && asked.stdout.trim() !== '') return undefined;
  if (!asked.found) return 'there is no docker command';
  return asked.code === undefined ? `its daemon does not answer within ${answerMs / 1000} s` : dockerReason(asked);
}

function dockerReason({ stdout, stderr }: Finished): string {
  return (stderr || stdout).trim().split('\n').at(-1) || 'no reason given';
}

type DockerCluster = Pick<RuntimeCluster, 'name' | 'directory' | 'kafkaVersion'>;

function containerName(cluster: Pick<DockerCluster, 'name'>, id: number): string {
  return `kt-${cluster.name}-${id}`;
}

function imageName(cluster: DockerCluster): string {
  return `apache/kafka:${cluster.kafkaVersion}`;
}

function networkName(cluster: DockerCluster): string {
  return `kt-${cluster.name}`;
}

/**
 * What every container of a node shares: configuration from the cluster's folder, read-only; data in a volume. Root inside, because only root may read
 * the folder's private files and write a new volume in both ordinary and rootless Docker.
 */
function mounts(cluster: DockerCluster, id: number): string[] {
  return [
    ...['--user', '0:0', '--workdir', `/kt/node-${id}`],
    ...['--volume', `${cluster.directory}:/kt:ro`],
    ...['--volume', `${containerName(cluster, id)}:/kt/node-${id}/data`],
    ...['--entrypoint', 'java', imageName(cluster)],
  ];
}

/** Arguments of the `docker` command that formats a node's storage and then removes its container. */
export function formatContainer(cluster: DockerCluster, id: number): string[] {
  return ['run', '--rm', '--network', 'none', ...mounts(cluster, id), ...formatArguments(cluster.kafkaVersion, classpath)];
}

/** `docker …` that starts a node: its clients' ports on the loopback of this machine, the others on the cluster's network only. */
export function nodeContainer(cluster: DockerCluster, node: NodeState): string[] {
  const name = containerName(cluster, node.id);
  return [
    ...['run', '--detach', '--name', name, '--hostname', name, '--network', networkName(cluster)],
    ...['--label', `kt.local=${cluster.name}`],
    ...Object.values(node.ports).flatMap((port) => ['--publish', `127.0.0.1:${port}:${port}`]),
    ...mounts(cluster, node.id),
    ...brokerArguments(cluster.kafkaVersion, classpath, nodeMarker('/kt', node)),
  ];
}

export function dockerRuntime(cluster: DockerCluster, { signal, note }: LocalOptions): Runtime {
  const docker = async (...args: string[]) => {
    const done = await run('docker', args, { signal });
    if (done.code === 0) return done;
    const why = dockerReason(done);
    throw new KtError('connection', `docker ${args[0]} failed (${why})`, {
      ...(isBusyPort(why) && { code: 'EADDRINUSE' }),
      hint: 'see `docker ps --all`',
    });
  };
  const container = (node: NodeState) => containerName(cluster, node.id);
  return {
    bind: '0.0.0.0',
    classpath: undefined,
    async prepare() {
      const image = imageName(cluster);
      if ((await run('docker', ['image', 'inspect', image], { signal })).code === 0) return;
      note(`fetching ${image}, once`);
      await docker('pull', '--quiet', image);
    },
    logFile: (node) => `docker logs ${container(node)}`,
    async internal(ids) {
      return ids.map((id) => ({ host: containerName(cluster, id), brokerPort, controllerPort }));
    },
    async format(state, node) {
      // Docker cannot make the mount point of the volume inside a read-only mount.
      mkdirSync(join(cluster.directory, `node-${node.id}`, 'data'), { recursive: true });
      await docker('volume', 'rm', '--force', container(node));
      await withFormatFile(join(cluster.directory, `node-${node.id}`), state, () =>
        docker(...formatContainer(cluster, node.id)),
      );
    },
    async start(_, node) {
      const exists = await run('docker', ['network', 'inspect', networkName(cluster)], { signal });
      if (exists.code !== 0) await docker('network', 'create', networkName(cluster));
      await docker('rm', '--force', container(node));
      await docker(...nodeContainer(cluster, node));
    },
    async isRunning(node) {
      const asked = await run('docker', ['inspect', '--format', '{{.State.Running}}', container(node)], { signal });
      return asked.stdout.trim() === 'true';
    },
    async log(node) {
      const { stdout, stderr } = await run('docker', ['logs', container(node)], { signal });
      return stdout + stderr;
    },
    async signal(node, name) {
      // Ctrl-C must not stop this: it is also the clean-up after an interruption.
      await run('docker', ['kill', '--signal', name, container(node)]);
    },
    async remove(node, purge) {
      await docker('rm', '--force', container(node));
      if (purge) await docker('volume', 'rm', '--force', container(node));
      // Docker refuses this while other nodes use the network; the last node removes it.
      await run('docker', ['network', 'rm', networkName(cluster)], { signal });
    },
  };
}
