/** A Kafka of its own for the pictures, and what goes on in it: always the same. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Stage {
  /** Where the shells of the pictures are. */
  readonly folder: string;
  /** Their variables: kt is in the PATH, and its current profile is the cluster. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs kt to its end. @throws Error when it fails */
  kt(words: readonly string[], input?: string): void;
  /** Starts kt, which runs until `close`. */
  start(words: readonly string[]): void;
  /** Ends what was started, and the cluster with its data. */
  close(): Promise<void>;
}

const cluster = ['--name', 'pictures'];
/** Of three brokers; away from 9092, where somebody may have a Kafka. */
const firstPort = 29_092;

/** Starts the cluster. */
export function openStage(): Stage {
  const program = join(root, 'dist', 'kt');
  if (!existsSync(program)) throw new Error('there is no dist/kt: npm run build');
  const home = mkdtempSync(join(tmpdir(), 'kt-pictures-'));
  const folder = join(home, 'work');
  mkdirSync(folder);
  const { PATH, JAVA_HOME } = process.env;
  const env: NodeJS.ProcessEnv = {
    PATH: `${join(root, 'dist')}:${PATH}`,
    ...(JAVA_HOME && { JAVA_HOME }),
    HOME: home,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    // Kafka's jars are there already where the tests have run.
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(root, 'node_modules', '.cache', 'kt-test'),
  };
  const kt: Stage['kt'] = (words, input = '') =>
    void execFileSync(program, words, { cwd: folder, env, input, stdio: ['pipe', 'ignore', 'inherit'] });
  const started: ChildProcess[] = [];
  const stage: Stage = {
    folder,
    env,
    kt,
    start: (words) => void started.push(spawn(program, words, { cwd: folder, env, stdio: 'ignore' })),
    async close() {
      await Promise.all(started.map(ended));
      kt(['local', 'down', ...cluster, '--purge', '--yes', '-q']);
      rmSync(home, { recursive: true, force: true });
    },
  };
  kt(['local', 'up', ...cluster, '--brokers', '3', '--port', String(firstPort), '-q']);
  kt(['profile', 'add', 'prod', '-b', `localhost:${firstPort}`, '-q']);
  kt(['profile', 'use', 'prod', '-q']);
  return stage;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Topics of a shop with the records that are written to each in a second. */
const flows = { 'page-views': 120, orders: 60, payments: 40, shipments: 20, signups: 8 };

/**
 * A shop at work: groups that keep up, one that falls behind, one that catches up, and one that is stuck. It goes on until the stage is closed.
 */
export function openShop({ kt, start }: Stage): void {
  kt(['topics', 'create', ...Object.keys(flows), 'fraud-scores', 'page-stats', '--partitions', '6', '-q']);
  kt(['produce', 'page-views', '--count', '80000', '--key-template', '{{uuid}}', '-q']);
  for (const [topic, rate] of Object.entries(flows))
    start(['produce', topic, '--count', '1000000', '--rate', `${rate}/s`, '--key-template', '{{uuid}}', '-q']);
  for (const [group, topic] of Object.entries({ billing: 'orders', warehouse: 'shipments', newsletter: 'signups' }))
    start(['tail', topic, '--group', group, '--commit', '-q']);
  // Slower than its topic; faster than its topic, with much to read yet; and a member that never commits.
  start(['pipe', 'payments', 'fraud-scores', '--group', 'fraud-check', '--from-beginning', '--rate', '25/s', '-q']);
  start(['pipe', 'page-views', 'page-stats', '--group', 'analytics', '--from-beginning', '--rate', '400/s', '-q']);
  start(['tail', 'orders', '--group', 'search-index', '--from-beginning', '-q']);
}
