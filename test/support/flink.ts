/** Apache Flink in one JVM: installed from PyPI and Maven Central, it runs a file of SQL to the end of its jobs. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomeOf } from './outcome.ts';

export const flinkVersion = '2.2.1';
const connectorVersion = '5.0.0-2.2';
const home = join(import.meta.dirname, '../../node_modules/.cache/flink');

/** For one JVM on a small machine; managed and network memory are beyond its heap. */
const config = {
  'parallelism.default': '1',
  'taskmanager.memory.task.heap.size': '2g',
  'taskmanager.memory.managed.size': '64m',
  'taskmanager.memory.network.min': '64m',
  'taskmanager.memory.network.max': '64m',
  'execution.checkpointing.dir': `file://${join(home, 'checkpoints')}`,
  'io.tmp.dirs': join(home, 'tmp'),
};

const log = `rootLogger.level = ERROR
rootLogger.appenderRef.c.ref = C
appender.c.name = C
appender.c.type = CONSOLE
appender.c.target = SYSTEM_ERR
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} - %m%n
`;

/** Packages that Flink reaches into, beyond what Java allows. */
const opened = 'java.util java.lang java.net java.nio java.time sun.nio.ch java.util.concurrent java.util.concurrent.atomic'
  .concat(' java.util.concurrent.locks java.lang.reflect java.text java.io')
  .split(' ');

/** Installs Flink unless it is there: about 350 MB. PyPI has what Maven Central has not, and the other way round. */
function install(): void {
  if (existsSync(join(home, 'gateway'))) return;
  rmSync(home, { recursive: true, force: true });
  for (const folder of ['conf', 'tmp', 'checkpoints']) mkdirSync(join(home, folder), { recursive: true });
  const run = (program: string, args: readonly string[]) =>
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  run('python3', ['-m', 'venv', join(home, 'venv')]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-cache-dir'];
  run(join(home, 'venv/bin/python'), [...pip, '-U', 'setuptools', 'wheel']);
  run(join(home, 'venv/bin/python'), [...pip, `apache-flink-libraries==${flinkVersion}`]);
  const jar = (artifact: string, folder: string) =>
    run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${join(home, folder)}`]);
  jar(`org.apache.flink:flink-sql-connector-kafka:${connectorVersion}`, 'connector');
  writeFileSync(
    join(home, 'conf/config.yaml'),
    Object.entries(config)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join(''),
  );
  writeFileSync(join(home, 'conf/log4j.properties'), log);
  // Last, as the sign that all is there.
  jar(`org.apache.flink:flink-sql-gateway:${flinkVersion}`, 'gateway-new');
  renameSync(join(home, 'gateway-new'), join(home, 'gateway'));
}

/** The command line that runs a file of statements in Flink's SQL client, which waits for the end of each job; installs Flink where it is missing. */
export function flinkCommand(file: string): readonly string[] {
  install();
  const [python] = readdirSync(join(home, 'venv/lib'));
  const libraries = join(home, 'venv/lib', python!, 'site-packages/pyflink');
  const classpath = [`${libraries}/lib/*`, `${libraries}/opt/*`, `${home}/connector/*`, `${home}/gateway/*`].join(':');
  return [
    'env',
    `FLINK_CONF_DIR=${join(home, 'conf')}`,
    'java',
    '-Xmx3g',
    '-XX:MaxDirectMemorySize=512m',
    ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    `-Dlog4j.configurationFile=file:${home}/conf/log4j.properties`,
    ...['-cp', classpath, 'org.apache.flink.table.client.SqlClient', 'embedded', '-f', file],
  ];
}

/** Statements as a file that runs all in the client's own JVM, job by job. */
export function flinkScript(statements: string): string {
  return `SET 'execution.target' = 'local';\nSET 'table.dml-sync' = 'true';\n${statements}`;
}

/**
 * Runs statements to the end of their jobs.
 * @returns what the client printed
 * @throws when it fails, with what it printed
 */
export async function runFlinkSql(statements: string): Promise<string> {
  const file = join(home, 'tmp/job.sql');
  const [program = '', ...args] = flinkCommand(file);
  writeFileSync(file, flinkScript(statements));
  const { code, stdout, stderr } = await outcomeOf(spawn(program, args));
  const printed = `${stdout}${stderr}`;
  if (code !== 0 || printed.includes('[ERROR]')) throw new Error(`Flink's SQL client ended with ${code}\n${printed}`);
  return printed;
}
