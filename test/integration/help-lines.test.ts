/** Every example of every help text, and so of every manual page, does what it says: typed at a shell, as it stands, on a real Kafka. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { firstLines } from '../../src/cli/facts.ts';
import { commands as registrations } from '../../src/commands/index.ts';
import { ownCluster, registryCluster, testClusters } from '../support/clusters.ts';
import { elsewhere, files, givens, type LineStory, stories } from '../support/help-stories.ts';
import { cleanEnvironment, programs } from '../support/kt.ts';
import { runLine, type ShellResult } from '../support/shell-lines.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'kt-help-'));
symlinkSync(programs.binary[0], join(folder, 'kt'));

const commands = await Promise.all(registrations.map((each) => each.load()));
/** Lines that the README shows in their place, and whose waits are too long for its own test. */
const slowLines = /these take their time -->\n```sh\n(.*?)```/s.exec(readFileSync(join(root, 'README.md'), 'utf8'))![1]!;
/** What help shows: the first lines of `kt --help`, then each command's. */
const shown = new Map<string, readonly string[]>([
  ['', firstLines.map(({ line }) => line)],
  ...commands.map(({ name, examples }) => [name, examples.map(({ line }) => line)] as const),
  ['README', slowLines.split('\n').flatMap((line) => line.replace(/ +#.*/, '') || [])],
]);

const [staging] = await testClusters();
const { registry } = await registryCluster();
const data = join(folder, 'data');
const cluster = await ownCluster(
  { after },
  {
    // What `kt local` takes for the cluster default.
    ...{ name: 'default', directory: join(data, 'kt', 'local') },
    ...{ security: 'sasl_ssl', listeners: ['SASL_PLAINTEXT'] },
    serverConfig: { 'delegation.token.secret.key': 'secret', 'group.share.record.lock.duration.ms': '15000' },
  },
);
after(() => rmSync(folder, { recursive: true, force: true }));

/** A shell for some of the commands: its own working directory, home and profiles. */
function shell(name: string, more: Readonly<Record<string, string>> = {}) {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(cwd, file), text);
  const env = {
    ...cleanEnvironment(),
    ...{ PATH: `${folder}:${process.env['PATH']}`, HOME: cwd, TZ: 'UTC' },
    ...{ XDG_CONFIG_HOME: join(cwd, 'config'), XDG_DATA_HOME: data, XDG_CACHE_HOME: join(root, 'node_modules/.cache/kt-test') },
    ...{ KT_BOOTSTRAP_SERVER: cluster.bootstrapServers, KT_COMMAND_CONFIG: cluster.clientProperties! },
    ...{ STAGING: staging!.bootstrapServers, REGISTRY: registry },
    ...more,
  };
  return (line: string, more: Pick<LineStory, 'stdin'> & { readonly untilOutput?: () => Promise<unknown> } = {}) =>
    runLine(line, { cwd, env, ...more });
}

type Shell = ReturnType<typeof shell>;

/** What has to be there before a line; a command of it that fails fails the test. */
async function prepared(run: Shell, script: string | undefined): Promise<void> {
  if (script === undefined) return;
  const { code, stdout, stderr } = await run(`set -e\n${script}`);
  assert.equal(code, 0, `${script}\n${stdout}${stderr}`);
}

/** Nobody is there to answer a question: it is asked, and then answered. */
async function confirmed(run: Shell, line: string, result: ShellResult, story: LineStory): Promise<ShellResult> {
  if (result.code !== 2 || !result.stderr.includes('add --yes')) return result;
  return run(`${line} --yes`, story);
}

/** A machine whose disk is nearly full fails checks of health, rightly. */
const fullDisk = /only [\d.]+% (of \S+ is )?free/;

/** Why a line did not end as it should; undefined where it did. */
async function fault(run: Shell, line: string): Promise<string | undefined> {
  const { given, as = [], code = 0, goesOn, ...story } = stories[line] ?? {};
  await prepared(run, given);
  const typed = as.reduce((text, [from, to]) => text.replace(from, to), line);
  const untilOutput = goesOn === undefined ? undefined : () => prepared(run, goesOn === '' ? 'sleep 0.1' : goesOn);
  const result = await confirmed(run, typed, await run(typed, { ...story, ...(untilOutput && { untilOutput }) }), story);
  const isRight =
    goesOn === undefined
      ? result.code === code || (result.code === 1 && fullDisk.test(result.stdout + result.stderr))
      : result.stdout + result.stderr !== '' &&
        (result.code === 130 || result.code === null) &&
        !/^kt: (?!interrupted)/m.test(result.stderr);
  if (isRight && !/^(jq|bash): /m.test(result.stderr)) return undefined;
  return `${typed}\nexit code ${result.code}\n${result.stdout}${result.stderr}`;
}

/** Runs the examples of commands, in this order; each command finds what it is about. */
async function allRun(run: Shell, names: readonly string[]): Promise<void> {
  const faults: string[] = [];
  for (const name of names) {
    await prepared(run, givens[name]);
    for (const line of shown.get(name)!) if (!elsewhere[line]) faults.push((await fault(run, line)) ?? '');
  }
  assert.equal(faults.filter(Boolean).join('\n'), '');
}

const nounsOf = (...nouns: readonly string[]) =>
  [...shown.keys()].filter((name) => name !== '' && nouns.includes(name.split(' ')[0]!));
/** In the order in which somebody makes profiles. */
const profiles = ['add', 'list', 'show', 'rename', 'edit', 'use', 'current', 'remove'].map((verb) => `profile ${verb}`);
const machine = [...profiles, ...nounsOf('completion', 'man')];
const schemas = nounsOf('schemas');
const live = nounsOf('top');
/** They depend on nothing that the others change, once `topics apply` has compared rules, users and quotas. */
const access = nounsOf('acls', 'users', 'quotas', 'tokens');
const topics = ['', ...nounsOf('topics')];
const local = ['local up', 'local list', 'local status', 'local logs', 'local down'];
const others = [...machine, ...schemas, ...live, ...access, ...topics, ...local];
const records = [...shown.keys()].filter((name) => !others.includes(name));

describe('the lines that help shows', { concurrency: 2 }, () => {
  test('do what they say of topics, records, groups and the cluster, and of the machine it is on', async () => {
    const run = shell('cluster');
    await allRun(run, topics);
    await Promise.all([allRun(run, records), allRun(shell('access'), access)]);
    await allRun(run, local);
  });

  test('do what they say of profiles, completion and the manual', async () => {
    await allRun(shell('machine'), machine);
  });

  test('do what they say of schemas, and of what is watched', async () => {
    await allRun(shell('schemas', { KT_REGISTRY: registry }), [...schemas, ...live]);
  });

  test('are all told of: what is special about a line is about one that help shows', () => {
    const all = new Set([...shown.values()].flat());
    for (const line of [...Object.keys(stories), ...Object.keys(elsewhere)]) assert.ok(all.has(line), line);
    for (const name of Object.keys(givens)) assert.ok(shown.has(name), name);
    for (const file of Object.values(elsewhere)) assert.ok(existsSync(join(root, file)), file);
    for (const name of others) assert.ok(shown.has(name), name);
  });
});
