/** `kt top` on a terminal, through tmux: into a record and back, whatever the window does; and a terminal that is left as it was found. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { programs } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';
import { forwarding } from '../support/servers.ts';
import { until } from '../support/until.ts';

const skip = spawnSync('tmux', ['-V']).error ? 'tmux is not installed' : false;
const testCluster = (await testClusters()).at(-1)!;
const { bootstrapServers } = testCluster;
const { done, newTopic, run, start } = ktOn(testCluster);
const program = testCluster.program;
const server = `kt-${randomUUID()}`;
const env = { ...process.env, LC_ALL: 'C.UTF-8' };

function tmux(...args: string[]): string {
  return execFileSync('tmux', ['-L', server, '-f', '/dev/null', ...args], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const screen = (name: string) => tmux('capture-pane', '-p', '-t', name);
const press = (name: string, ...keys: string[]) => tmux('send-keys', '-t', name, ...keys);
const type = (name: string, text: string) => tmux('send-keys', '-t', name, '-l', text);
/** Whether the alternate screen is on, the cursor shown, lines wrapped. */
const state = (name: string) => tmux('display-message', '-p', '-t', name, '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim();
const shows = (name: string, what: RegExp, why: string) => until(() => what.test(screen(name)), why);

/** An interactive shell in which kt top was typed. */
async function topInShell(options: string, servers = bootstrapServers): Promise<string> {
  const name = randomUUID();
  tmux('new-session', '-d', '-s', name, '-x', '80', '-y', '24', 'PS1="ready> " bash --norc --noprofile -i');
  await shows(name, /ready>/, 'a shell');
  const kt = programs[program].map((word) => `'${word}'`).join(' ');
  press(name, `${kt} top -b ${servers} --interval 1s ${options}`, 'Enter');
  await shows(name, /\[1 Overview\]/, 'the overview');
  return name;
}

/** The shell has the terminal, as it was before, and kt ended with this code. */
async function leftClean(name: string, code: number): Promise<void> {
  await until(() => state(name) === '0 1 1', 'the screen is left');
  press(name, 'echo code=$?; stty -a', 'Enter');
  await shows(name, new RegExp(`^code=${code}$`, 'm'), `kt ended with ${code}`);
  await shows(name, / icanon/, 'the modes of the terminal');
  assert.match(screen(name), / icanon .* echo /s);
  assert.doesNotMatch(screen(name), /Overview/);
}

function childOf(name: string): number {
  const shell = tmux('display-message', '-p', '-t', name, '#{pane_pid}').trim();
  return Number(execFileSync('pgrep', ['-P', shell], { encoding: 'utf8' }).trim().split('\n')[0]);
}

describe('kt top', { timeout: 120_000 }, () => {
  let topic: string;
  before(async () => {
    topic = await newTopic('--partitions', '2');
    const hostile =
      '{"id":1,"note":"\\u001b[31m","amount":5}\n\x1b[2Jクリア\x07 語\n{"id":2,"amount":500,"items":[{"sku":"見"}]}\n';
    await done(['produce', topic, '--partition', '1'], hostile);
    await done(['tail', topic, '--group', `group-${topic}`, '--commit', '--from-beginning', '-n', '1', '-o', 'value']);
  });
  after(() => {
    if (!skip) spawnSync('tmux', ['-L', server, 'kill-server']);
  });

  test('in a pipe one overview as tables, as JSON an object per tick', async (t) => {
    const { code, stdout } = await run(['top', '--interval', '1s']);
    assert.equal(code, 0);
    assert.match(stdout, /^GROUP +TYPE +STATE/m);
    assert.match(stdout, /^BROKER +HOST/m);
    const { child } = start(t, ['top', '--interval', '1s', '-o', 'json']);
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    await until(() => text.split('\n').length > 3, 'three ticks');
    const ticks = text
      .trimEnd()
      .split('\n')
      .slice(0, 3)
      .map((line) => JSON.parse(line));
    const [first, , last] = ticks.map(({ topics }) => topics.find((each: { topic: string }) => each.topic === topic));
    assert.deepEqual([first.partitions, last.records, last.inPerSecond, last.groups, last.lag], [2, 3, 0, 1, 2]);
    assert.ok(ticks[2].timestamp > ticks[0].timestamp);
  });

  test('into a record and back, while the window changes, and q leaves', { skip }, async () => {
    const name = await topInShell('');
    assert.equal(state(name), '1 1 0');
    press(name, '2', '/');
    type(name, topic.slice(0, 20));
    tmux('resize-window', '-t', name, '-x', '40', '-y', '12');
    await shows(name, /^>.+/m, 'drawn at 40 columns');
    type(name, topic.slice(20));
    tmux('resize-window', '-t', name, '-x', '120', '-y', '30');
    await shows(name, new RegExp(`Topics 1 of .* /${topic}_`), 'what was typed meanwhile');
    press(name, 'Enter', 't');
    await shows(name, /^>.*"amount":500/m, 'the newest record');
    const [records] = [screen(name)];
    assert.match(records, /\\x1b\[2Jクリア\\x07 語/);
    assert.match(records, /3 kept · following/);
    press(name, '/');
    type(name, 'value.amount > 100');
    await shows(name, /1 of 3 match/, 'the filter');
    press(name, 'Enter', 'Enter');
    await shows(name, /"sku": "見"/, 'the record');
    press(name, '/');
    type(name, 'sku');
    await shows(name, /^>.*"sku"/m, 'the search');
    press(name, 'Enter', 'x');
    await shows(name, /^>.*7b 22 69 64 22/m, 'hex');
    press(name, 'Left');
    await shows(name, /1 of 3 match/, 'the records again, with their filter');
    press(name, 'Escape');
    await shows(name, /3 kept/, 'all of them');
    press(name, 'BSpace');
    await shows(name, /\[2 Topics\]/, 'the topics');
    press(name, '3', '/');
    type(name, `group-${topic}`);
    press(name, 'Enter', 'Enter');
    await shows(name, /Groups › .*lag 2$/m, 'the group');
    await shows(name, /NEXT .*:1 @ 1, written .*\n.*value \\x1b\[2J/, 'the record it stands at');
    press(name, 'q');
    await leftClean(name, 0);
  });

  test('Ctrl-Z gives the terminal to the shell, fg takes it again; SIGTERM, SIGHUP and Ctrl-C leave it clean', {
    skip,
  }, async () => {
    const name = await topInShell('');
    press(name, 'C-z');
    await shows(name, /Stopped/, 'the shell has the terminal');
    assert.equal(state(name), '0 1 1');
    press(name, 'fg', 'Enter');
    await shows(name, /\[1 Overview\]/, 'drawn again');
    assert.equal(state(name), '1 1 0');
    process.kill(childOf(name), 'SIGTERM');
    await leftClean(name, 143);
    const other = await topInShell('');
    process.kill(childOf(other), 'SIGHUP');
    await leftClean(other, 129);
    const third = await topInShell('');
    press(third, 'C-c');
    await leftClean(third, 130);
  });

  test('when the cluster is gone it says so, keeps what it showed, and its keys go on', { skip }, async () => {
    const port = Number(bootstrapServers.split(':').at(-1));
    const proxy = await forwarding(port);
    const name = await topInShell(`--address-map localhost:${port}=${proxy.address} --timeout 2s`, proxy.address);
    press(name, '3');
    await shows(name, /Groups [1-9]/, 'the groups');
    await proxy.close();
    await shows(name, /! no broker answers; all of this is of .* ago; next try in/, 'it is told');
    assert.match(screen(name), /Groups [1-9]/);
    press(name, '2');
    await shows(name, /\[2 Topics\]/, 'its keys go on');
    press(name, 'q');
    await leftClean(name, 0);
  });
});
