/** `kt lag --watch` on a real terminal, through tmux: what it draws, resizing, and a terminal that is left as it was found. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { testClusters } from '../support/clusters.ts';
import { commitOffsets } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { programs } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const server = `kt-${randomUUID()}`;
const skip = spawnSync('tmux', ['-V']).error ? 'tmux is not installed' : false;
const { bootstrapServers } = (await testClusters()).at(-1)!;

function tmux(...args: string[]): string {
  return execFileSync('tmux', ['-L', server, '-f', '/dev/null', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

after(() => {
  if (!skip) spawnSync('tmux', ['-L', server, 'kill-server']);
});

for (const program of ['node', 'binary'] as const) {
  describe(`--watch on a terminal (${program})`, { skip, timeout: 240_000 }, () => {
    const { done, newTopic } = ktOn({ bootstrapServers }, program);
    const group = `group-${randomUUID()}`;
    let cluster: Cluster;
    let topic: string;
    before(async () => {
      cluster = await opener(bootstrapServers)();
      topic = await newTopic('--partitions', '30');
      await done(['produce', topic, '--partition', '7'], 'x\n'.repeat(10));
      await commitOffsets(cluster, group, topic, { 7: 4 });
    });
    after(() => cluster.close());

    const screen = (name: string) => tmux('capture-pane', '-p', '-t', name);
    /** The terminal's state: on its alternate screen, its cursor shown. */
    const state = (name: string) =>
      tmux('display-message', '-p', '-t', name, '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim();

    /** Starts watching below a line that must be there afterwards; resolves when the lag is on the screen. */
    async function watching(): Promise<string> {
      const name = randomUUID();
      const kt = programs[program].map((word) => `'${word}'`).join(' ');
      // Like an interactive shell: prints kt's exit code, and the terminal's mode after it.
      const line = `echo before; ${kt} lag ${group} --watch 300ms -b ${bootstrapServers}; echo "code=$?"; stty -a | tr ' ;' '\\n\\n' | grep -E '^-?(icanon|echo|isig)$' | tr '\\n' ' '; exec sleep 60`;
      tmux('new-session', '-d', '-s', name, '-x', '110', '-y', '20', line);
      await until(() => /LAG +TREND/.test(screen(name)) && screen(name).includes(topic.slice(0, 20)), 'the lag is drawn');
      return name;
    }
    async function leftClean(name: string, code: number): Promise<void> {
      await until(() => screen(name).includes(`code=${code}`), `kt ended with ${code}`);
      await until(() => /isig icanon echo/.test(screen(name)), 'the terminal is as it was');
      assert.match(screen(name), /^before\n/);
      assert.doesNotMatch(screen(name), /TREND/);
      assert.equal(state(name), '0 1 1');
    }

    test('partitions are sorted by lag and cut to the screen, keys show others, and q leaves', async () => {
      const name = await watching();
      assert.equal(state(name), '1 0 0');
      const lines = screen(name).trimEnd().split('\n');
      assert.equal(lines.length, 20);
      const first = lines[lines.findIndex((line) => line.startsWith('GROUP')) + 1]!;
      assert.match(first, / 7 +6 +[▁-█]+ /);
      assert.match(lines.at(-2)!, /^1-1\d of 30 partitions by lag$/);
      assert.match(lines.at(-1)!, /q quit$/);
      tmux('send-keys', '-t', name, 'End');
      await until(() => /-30 of 30 partitions/.test(screen(name)), 'the last rows');
      assert.doesNotMatch(screen(name), / 7 +6 +[▁-█]+ /);
      tmux('send-keys', '-t', name, '/', ':7', 'Enter');
      await until(() => /^1 partition with \/:7 by lag$/m.test(screen(name)), 'the filter');
      tmux('send-keys', '-t', name, 'g', 'g');
      await until(() => /^1 group with/m.test(screen(name)), 'groups');
      tmux('send-keys', '-t', name, 'q');
      await leftClean(name, 0);
    });

    test('a commit is seen, and a window of another size is filled', async () => {
      const name = await watching();
      await commitOffsets(cluster, group, topic, { 7: 5 });
      await until(() => / 7 +5 +[▁-█]+/.test(screen(name)), 'the new lag');
      tmux('resize-window', '-t', name, '-x', '80', '-y', '12');
      await until(() => /^1-\d of 30 partitions/m.test(screen(name)), 'it is drawn smaller');
      assert.ok(screen(name).trimEnd().split('\n').length <= 12);
      await commitOffsets(cluster, group, topic, { 7: 4 });
      tmux('send-keys', '-t', name, 'q');
      await until(() => screen(name).includes('code=0'), 'it ends');
    });

    test('Ctrl-C leaves the terminal clean, with 130', async () => {
      const name = await watching();
      tmux('send-keys', '-t', name, 'C-c');
      await leftClean(name, 130);
    });

    const childOf = (name: string): number => {
      const shell = tmux('display-message', '-p', '-t', name, '#{pane_pid}').trim();
      return Number(execFileSync('pgrep', ['-P', shell], { encoding: 'utf8' }).trim().split('\n')[0]);
    };

    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      test(`${signal} leaves the terminal clean, with ${code}`, async () => {
        const name = await watching();
        process.kill(childOf(name), signal);
        await leftClean(name, code);
      });
    }

    for (const how of ['Ctrl-Z', 'SIGTSTP']) {
      test(`${how} gives the terminal back to the shell, and fg takes it again`, async () => {
        const name = randomUUID();
        tmux('new-session', '-d', '-s', name, '-x', '110', '-y', '20', 'PS1="ready> " bash --norc --noprofile -i');
        await until(() => screen(name).includes('ready>'), 'a shell');
        const kt = programs[program].map((word) => `'${word}'`).join(' ');
        tmux('send-keys', '-t', name, `${kt} lag ${group} --watch 300ms -b ${bootstrapServers}`, 'Enter');
        await until(() => /LAG +TREND/.test(screen(name)), 'the lag is drawn');
        if (how === 'Ctrl-Z') tmux('send-keys', '-t', name, 'C-z');
        else process.kill(childOf(name), 'SIGTSTP');
        await until(() => /Stopped/.test(screen(name)), 'the shell has the terminal');
        assert.deepEqual([state(name), /TREND/.test(screen(name))], ['0 1 1', false]);
        tmux('send-keys', '-t', name, 'fg', 'Enter');
        await until(() => /LAG +TREND/.test(screen(name)), 'it is drawn again');
        assert.equal(state(name), '1 0 0');
        tmux('send-keys', '-t', name, 'q');
        await until(() => state(name) === '0 1 1', 'the shell has the terminal');
        tmux('send-keys', '-t', name, 'echo code=$?', 'Enter');
        await until(() => screen(name).includes('code=0'), 'it is listened to after a stop');
      });
    }
  });
}
