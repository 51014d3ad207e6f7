/** What results depend on: the machine, the versions, and how busy the machine was. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { hasScripts } from './kafka-tools.ts';
import { absentRivals, builtRivals } from './rivals.ts';
import { rootDirectory } from './work.ts';

/** kt's own. */
export const version: string = JSON.parse(readFileSync(join(rootDirectory, 'package.json'), 'utf8')).version;

/** Load average over the last minute. */
export function load(): string {
  return loadavg()[0]!.toFixed(1);
}

/** One line per fact; no host names or paths. */
export function machineFacts(kafkaVersion: string): readonly string[] {
  const kernel = `${type()} ${release().split('.').slice(0, 2).join('.')}`;
  return [
    `machine: ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${kernel}`,
    `kt: ${version}, commit ${commit()}, Bun ${said(join(rootDirectory, 'node_modules/bun/bin/bun.exe'), '--version')}, Node ${process.versions.node}`,
    `rivals: ${kcatVersion()}, Kafka ${kafkaVersion} on Java ${/version "([^"]+)/.exec(said('java', '-version'))?.[1]}, its tools ${hasScripts ? 'by their scripts' : 'without their scripts'}`,
    ...goRivals(),
    `broker: Kafka ${kafkaVersion} on the same machine, one where a row does not say otherwise`,
  ];
}

function goRivals(): readonly string[] {
  const absent = absentRivals();
  return [
    ...(builtRivals.length > 0 ? [`rivals in Go: ${builtRivals.join(', ')}`] : []),
    ...(absent.length > 0 ? [`not here, so left out: ${absent.join(', ')}`] : []),
  ];
}

/** The commit that was built; with a plus if src had changed since. */
export function commit(): string {
  const hash = said('git', 'rev-parse', '--short', 'HEAD');
  const changed = said('git', 'status', '--porcelain', '--', 'src') !== '';
  return `${hash}${changed ? '+' : ''}`;
}

function kcatVersion(): string {
  const printed = said('kcat', '-V');
  return `kcat ${/Version ([\d.]+\d)/.exec(printed)?.[1]} with librdkafka ${/librdkafka ([\d.]+\d)/.exec(printed)?.[1]}`;
}

/** What a program prints about itself, on stdout or stderr. */
function said(program: string, ...args: readonly string[]): string {
  return execFileSync('sh', ['-c', '"$@" 2>&1', 'sh', program, ...args], { cwd: rootDirectory, encoding: 'utf8' }).trim();
}
