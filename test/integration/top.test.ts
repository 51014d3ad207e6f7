/** `kt top` on a terminal, through tmux: into a record and back, whatever the window does; and a terminal that is left as it was found. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { secureCluster, testClusters } from '../support/clusters.ts';
import { commitOffsets } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { programs } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';
import { forwarding } from '../support/servers.ts';
import { terminalUnavailable } from '../support/terminal.ts';
import { type Pane, Tmux } from '../support/tmux.ts';
import { until } from '../support/until.ts';

const skip = terminalUnavailable;
const testCluster = (await testClusters()).at(-1)!;
const { bootstrapServers } = testCluster;
const { done, newTopic, run, start } = ktOn(testCluster);
const tmux = new Tmux();

/** An interactive shell in which kt top was typed. */
async function topInShell(options: string, servers = `-b ${bootstrapServers}`, variables = ''): Promise<Pane> {
  const kt = programs[testCluster.program].map((word) => `'${word}'`).join(' ');
  const pane = await tmux.shell(`${variables} ${kt} top ${servers} --interval 1s ${options}`);
  await pane.shows(/\[1 Overview\]/, 'the overview');
  return pane;
}

const leftClean = (pane: Pane, code: number) => pane.leftClean(code, /Overview/);

describe('kt top', { timeout: 120_000 }, () => {
  let topic: string;
  before(async () => {
    topic = await newTopic('--partitions', '2');
    const hostile =
      '{"id":1,"note":"\\u001b[31m","amount":5}\n\x1b[2Jクリア\x07 語\n{"id":2,"amount":500,"items":[{"sku":"見"}]}\n';
    await done(['produce', topic, '--partition', '1'], hostile);
    await done(['tail', topic, '--group', `group-${topic}`, '--commit', '--from-beginning', '-n', '1', '-o', 'value']);
  });
  after(() => tmux.close());

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
    const pane = await topInShell('');
    await pane.modesBecome('1 1 0');
    pane.press('2', '/');
    pane.type(topic.slice(0, 20));
    pane.resize(40, 12);
    await pane.shows(/^>.+/m, 'drawn at 40 columns');
    pane.type(topic.slice(20));
    pane.resize(120, 30);
    await pane.shows(new RegExp(`Topics 1 of .* /${topic}_`), 'what was typed meanwhile');
    pane.press('Enter', 't');
    await pane.shows(/^>.*"amount":500/m, 'the newest record');
    await pane.shows(/3 kept · following/, 'all of them');
    assert.match(pane.screen(), /\\x1b\[2Jクリア\\x07 語/);
    pane.press('/');
    pane.type('value.amount > 100');
    await pane.shows(/1 of 3 match/, 'the filter');
    pane.press('Enter', 'Enter');
    await pane.shows(/"sku": "見"/, 'the record');
    pane.press('/');
    pane.type('sku');
    await pane.shows(/^>.*"sku"/m, 'the search');
    pane.press('Enter', 'x');
    await pane.shows(/^>.*7b 22 69 64 22/m, 'hex');
    pane.press('Left');
    await pane.shows(/1 of 3 match/, 'the records again, with their filter');
    pane.press('Escape');
    await pane.shows(/3 kept/, 'all of them');
    pane.press('BSpace');
    await pane.shows(/\[2 Topics\]/, 'the topics');
    pane.press('3', '/');
    pane.type(`group-${topic}`);
    pane.press('Enter', 'Enter');
    await pane.shows(/Groups › .*lag 2$/m, 'the group');
    await pane.shows(/NEXT .*:1 @ 1, written .*\n.*value \\x1b\[2J/, 'the record it stands at');
    pane.press('q');
    await leftClean(pane, 0);
  });

  test('the records of a quiet topic stand there by their time, as tail merges them, and do not count as live', {
    skip,
  }, async () => {
    const mixed = await newTopic('--partitions', '4');
    const written = Array.from({ length: 16 }, (_, index) =>
      JSON.stringify({
        partition: (index * 3) % 4,
        timestamp: Date.now() - 60_000 + index * 1_000,
        key: `k${index}`,
        value: 'v',
      }),
    );
    await done(['produce', mixed, '-i', 'json'], `${written.join('\n')}\n`);
    const merged = await done(['tail', mixed, '--merge', '--from-beginning', '-e', '-o', 'json']);
    const pane = await topInShell('');
    pane.press('2', '/');
    pane.type(mixed);
    pane.press('Enter');
    await pane.shows(/^ Topics 1 of /m, 'the topic');
    pane.press('t');
    await pane.shows(/16 kept/, 'its records');
    const screen = pane.screen();
    assert.match(screen, /live · 0\/s/);
    const keys = [...screen.matchAll(/ (k\d+) /g)].map(([, key]) => key);
    assert.deepEqual(
      keys,
      merged
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).key),
    );
    assert.equal(keys.join(' '), written.map((_, index) => `k${index}`).join(' '));
    await done(['produce', mixed, '--partition', '0', '-k', 'new'], 'v\n');
    await pane.shows(/live · 0\.\d\/s +17 kept(.*\n)+>.* new /, 'what came since, below them');
    pane.press('q');
    await leftClean(pane, 0);
  });

  test('Ctrl-Z gives the terminal to the shell, fg takes it again; SIGTERM, SIGHUP and Ctrl-C leave it clean', {
    skip,
  }, async () => {
    const pane = await topInShell('');
    pane.press('C-z');
    await pane.shows(/Stopped/, 'the shell has the terminal');
    await pane.modesBecome('0 1 1');
    pane.press('fg', 'Enter');
    await pane.shows(/\[1 Overview\]/, 'drawn again');
    await pane.modesBecome('1 1 0');
    process.kill(pane.child(), 'SIGTERM');
    await leftClean(pane, 143);
    const other = await topInShell('');
    process.kill(other.child(), 'SIGHUP');
    await leftClean(other, 129);
    const third = await topInShell('');
    third.press('C-c');
    await leftClean(third, 130);
  });

  test('when the cluster is gone it says so, keeps what it showed, and its keys go on', { skip }, async () => {
    const port = Number(bootstrapServers.split(':').at(-1));
    const proxy = await forwarding(port);
    const pane = await topInShell(`--address-map localhost:${port}=${proxy.address} --timeout 2s`, `-b ${proxy.address}`);
    pane.press('3');
    // Not the name of the view, which stands above with a number after it.
    await pane.shows(/^ Groups [1-9]/m, 'the groups');
    await proxy.close();
    await pane.shows(/! no broker answers; all of this is of .* ago; next try in/, 'it is told');
    assert.match(pane.screen(), /^ Groups [1-9]/m);
    assert.match(pane.painted(), /\x1b\[31m ! no broker answers/, 'in red');
    pane.press('2');
    await pane.shows(/\[2 Topics\]/, 'its keys go on');
    pane.press('q');
    await leftClean(pane, 0);
  });

  test('hostile names on 40 columns, and no colours with NO_COLOR', { skip }, async () => {
    const group = `\x1b[2J注文\x9b\u202e${randomUUID()}`;
    const cluster = await opener(bootstrapServers)();
    await commitOffsets(cluster, group, topic, { 1: 1 });
    await cluster.close();
    const pane = await topInShell('', undefined, 'NO_COLOR=1');
    pane.resize(40, 12);
    pane.press('3', '/');
    pane.type('注文');
    await pane.shows(/^>\\x1b\[2J注文\S*… .*\b2\b/m, 'the name, harmless and cut, and its lag');
    assert.ok(pane.screen().split('\n').length <= 13);
    const painted = pane.painted();
    assert.doesNotMatch(painted, /\x1b\[[\d;]*(?:3|4|9|10)[0-7]m/, 'no colour');
    assert.match(painted, /^\x1b\[(?:0;)?7m(?:\x1b\[[34]9m)*>/m, 'the cursor is in reverse');
    assert.match(painted, /\x1b\[(?:0;)?1m/, 'what is strong is bold');
    pane.press('Enter', 'Enter');
    pane.resize(80, 24);
    await pane.shows(/Groups › \\x1b\[2J注文\\x9b\\u202e/, 'the group');
    pane.press('q');
    await leftClean(pane, 0);
  });

  test('a user who may see nothing is told so', { skip }, async () => {
    const { aliceProperties } = await secureCluster();
    const pane = await topInShell('', `--command-config '${aliceProperties}'`);
    await pane.shows(/no topics that you may see/, 'the topics');
    await pane.shows(/no groups that you may see/, 'the groups');
    pane.press('2');
    await pane.shows(/Topics 0 that you may see/, 'all topics');
    pane.press('3');
    await pane.shows(/Groups 0 that you may see/, 'all groups');
    pane.press('q');
    await leftClean(pane, 0);
  });
});
