/** Clients that are not kt, to write what kt reads and read what kt writes: kcat, confluent-kafka, Kafka's own tools. */

import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { quickJava } from './java.ts';
import { sharedJavaOutput } from './java-shared.ts';
import { outcomeOf } from './outcome.ts';

const cache = join(import.meta.dirname, '../../node_modules/.cache/kt-test');
const venv = join(cache, 'venv');
/** The interpreter of the tests' own virtual environment. */
export const interpreter = join(venv, 'bin/python');
const confluentVersion = '2.12.2';
const grpcToolsVersion = '1.85.1';

/** Runs a program to its end with this input, and returns its stdout. @throws with its stderr if it fails */
export async function output(program: string, args: readonly string[], stdin?: string | Buffer): Promise<Buffer> {
  const { code, stdout, stderr } = await outcomeOf(spawn(program, args), stdin);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

/** Why a client is not available, as the reason for a skip; undefined if it is. In CI a missing client is an error. */
function unavailable(install: () => void): string | undefined {
  try {
    install();
    return undefined;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return `SKIPPED: ${(error as Error).message.split('\n')[0]}`;
  }
}

/** kcat, installed from the distribution's packages if it is missing and the user may install it. */
export function kcatUnavailable(): string | undefined {
  return unavailable(() => {
    if (!isThere('kcat', ['-V'])) installPackage('kcat');
  });
}

function installPackage(...names: readonly string[]): void {
  if (process.getuid?.() !== 0 || !isThere('apt-get', ['--version'])) throw new Error(`${names} is not installed`);
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'pipe' });
  execFileSync('apt-get', ['install', '-y', '-qq', ...names], {
    stdio: 'pipe',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** PostgreSQL's server and psql, installed in the same way. Debian keeps the server's programs out of the PATH. */
export function postgresUnavailable(): string | undefined {
  return unavailable(() => {
    if (isThere('sh', ['-c', 'ls /usr/lib/postgresql/*/bin/initdb || command -v initdb']) && isThere('psql', ['-V'])) return;
    installPackage('postgresql');
  });
}

/** MIT's KDC and kinit, installed in the same way. */
export function kerberosUnavailable(): string | undefined {
  return unavailable(() => {
    if (isThere('sh', ['-c', 'PATH="$PATH:/usr/sbin"; command -v krb5kdc && command -v kadmin.local && command -v kinit']))
      return;
    installPackage('krb5-kdc', 'krb5-admin-server', 'krb5-user');
  });
}

/** GNOME's keyring and libsecret's program, installed in the same way. */
export function keyringUnavailable(): string | undefined {
  return unavailable(() => {
    const programs = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'];
    if (isThere('sh', ['-c', programs.map((program) => `command -v ${program}`).join(' && ')])) return;
    installPackage('dbus', 'gnome-keyring', 'libsecret-tools');
  });
}

/** confluent-kafka (librdkafka) for Python, in the tests' own virtual environment. */
export function confluentUnavailable(): string | undefined {
  return unavailable(() => installPython('confluent_kafka', [`confluent-kafka==${confluentVersion}`]));
}

/** The same with its serializers for schemas, and protoc. */
export function confluentSchemasUnavailable(): string | undefined {
  const modules = 'confluent_kafka, fastavro, jsonschema, httpx, authlib, google.protobuf, grpc_tools';
  const packages = [`confluent-kafka[avro,protobuf,json]==${confluentVersion}`, `grpcio-tools==${grpcToolsVersion}`];
  return unavailable(() => installPython(modules, packages));
}

function installPython(modules: string, packages: readonly string[]): void {
  if (existsSync(interpreter) && isThere(interpreter, ['-c', `import ${modules}`])) return;
  mkdirSync(cache, { recursive: true });
  if (!existsSync(interpreter)) execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
  execFileSync(interpreter, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'pipe' });
}

/** promtool, unpacked from the distribution's package: installing that would start a server. */
export const promtool = join(cache, 'prometheus/usr/bin/promtool');

export function promtoolUnavailable(): string | undefined {
  return unavailable(() => {
    if (isThere(promtool, ['--version'])) return;
    if (!isThere('apt-get', ['--version'])) throw new Error('promtool is not installed');
    mkdirSync(cache, { recursive: true });
    if (process.getuid?.() === 0) execFileSync('apt-get', ['update', '-qq'], { stdio: 'pipe' });
    execFileSync('apt-get', ['download', '-qq', 'prometheus'], { cwd: cache, stdio: 'pipe' });
    const file = readdirSync(cache).find((name) => /^prometheus_.*\.deb$/.test(name))!;
    execFileSync('dpkg-deb', ['-x', file, 'prometheus'], { cwd: cache, stdio: 'pipe' });
    rmSync(join(cache, file));
  });
}

function isThere(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a Python program that has confluent_kafka, with these arguments. */
export function python(program: string, args: readonly string[]): Promise<Buffer> {
  return output(interpreter, ['-c', program, ...args]);
}

/** The same with a program that is a file, and this input. */
export function pythonFile(path: string, args: readonly string[], stdin: string): Promise<Buffer> {
  return output(interpreter, [path, ...args], stdin);
}

/**
 * Runs one of Kafka's own tools, for example `org.apache.kafka.tools.TopicCommand`, and ignores its stderr. Console tools count in static fields:
 * they get a JVM of their own.
 */
export async function javaTool(classpath: string, tool: string, args: readonly string[], stdin = ''): Promise<string> {
  if (!/\bConsole\w+$/.test(tool)) return (await sharedJavaOutput(classpath, tool, args, stdin)).toString();
  return new Promise((resolve, reject) => {
    const child = execFile('java', [...quickJava(classpath), tool, ...args], { maxBuffer: 1 << 28 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
    child.stdin?.end(stdin);
  });
}
