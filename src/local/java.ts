/** Kafka nodes as Java processes of this machine. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KtError } from '../base/errors.ts';
import { archiveFlags, archiveName, keepArchive } from './class-archive.ts';
import { withFormatFile } from './format-file.ts';
import { fetchJars, jarsDirectory } from './jars.ts';
import { brokerArguments, formatArguments, nodeMarker } from './jvm.ts';
import { isOurs, run, signalSession, startDetached, writtenLog } from './process.ts';
import type { LocalOptions, Runtime, RuntimeCluster } from './runtime.ts';
import type { NodeState } from './state.ts';

const oldestJava = 17;

/** The program to run. */
export function javaFile(home: string | undefined): string {
  const file = home ? join(home, 'bin', 'java') : 'java';
  return home && !existsSync(file) ? 'java' : file;
}

/** The major version in what `java -version` prints: `17` of `"17.0.15"`, `8` of `"1.8.0_402"`. */
export function javaMajor(printed: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(printed);
  return match ? Number(match[1]) : undefined;
}

/** The exception's message in what a Java program printed before it ended; without one, the first line. */
export function javaReason(printed: string): string {
  const lines = printed.trim().split('\n');
  const line = lines.find((text) => /^(Exception in thread|[\w.$]+(Exception|Error):)/.test(text)) ?? lines[0] ?? '';
  return line.replace(/^(Exception in thread "[^"]*" )?([\w.$]+(Exception|Error): )?/, '').trim();
}

/** Why Java or Maven cannot be used; undefined when they can. */
export async function javaProblem(
  javaHome: string | undefined,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  if (platform === 'win32') return 'kt runs Kafka with Java on Linux and macOS only';
  const [java, maven] = await Promise.all([
    run(javaFile(javaHome), ['-version'], { signal }),
    run('sh', ['-c', 'command -v mvn'], { signal }),
  ]);
  const major = javaMajor(java.stderr + java.stdout);
  if (!java.found || major === undefined) return `there is no Java ${oldestJava} or newer`;
  if (major < oldestJava) return `Java is version ${major}, Kafka needs ${oldestJava} or newer`;
  return maven.code === 0 ? undefined : 'there is no Maven (mvn) to fetch Kafka with';
}

export function javaRuntime(cluster: RuntimeCluster, options: LocalOptions): Runtime {
  const { directory, kafkaVersion, cacheDirectory, javaHome } = cluster;
  const java = javaFile(javaHome);
  const classpath = join(jarsDirectory(kafkaVersion, cacheDirectory), '*');
  const folder = (node: NodeState) => join(directory, `node-${node.id}`);
  const logFile = (node: NodeState) => join(folder(node), 'server.log');
  const cache = dirname(jarsDirectory(kafkaVersion, cacheDirectory));
  let archive: Promise<string> | undefined;
  const archiveFlagsOf = async (node: NodeState, mayLeave: boolean) => {
    archive ??= run(java, ['-version'], { signal: options.signal }).then(({ stderr }) => archiveName(stderr));
    return archiveFlags(cache, await archive, folder(node), mayLeave);
  };
  return {
    bind: '127.0.0.1',
    classpath,
    prepare: () => fetchJars(kafkaVersion, cacheDirectory, options),
    logFile,
    async internal(ids, pick) {
      const ports = await pick(2 * ids.length);
      return ids.map((_, index) => ({
        host: '127.0.0.1',
        brokerPort: ports[2 * index]!,
        controllerPort: ports[2 * index + 1]!,
      }));
    },
    async format(state, node) {
      const data = join(folder(node), 'data');
      rmSync(data, { recursive: true, force: true });
      mkdirSync(data, { recursive: true });
      const further = await archiveFlagsOf(node, false);
      const done = await withFormatFile(folder(node), state, () =>
        run(java, formatArguments(kafkaVersion, classpath, further), { cwd: folder(node), signal: options.signal }),
      );
      if (done.code !== 0) {
        throw new KtError(
          'usage',
          `the storage of broker ${node.id} cannot be formatted (${javaReason(done.stderr || done.stdout)})`,
          {
            hint: `see ${join(folder(node), 'server.properties')}`,
          },
        );
      }
    },
    async start({ nodes, javaFlags = [] }, node) {
      const further = [...javaFlags, ...(await archiveFlagsOf(node, node === nodes[0]))];
      const args = brokerArguments(kafkaVersion, classpath, nodeMarker(directory, node), further);
      node.pid = await startDetached(java, args, folder(node), logFile(node));
    },
    isRunning: (node) => isOurs(node.pid, nodeMarker(directory, node)),
    async log(node) {
      return writtenLog(logFile(node));
    },
    async signal(node, signal) {
      if (await isOurs(node.pid, nodeMarker(directory, node))) signalSession(node.pid, signal);
    },
    async remove(node, purge) {
      node.pid = 0;
      keepArchive(folder(node), cache);
      if (purge) rmSync(folder(node), { recursive: true, force: true });
    },
  };
}
