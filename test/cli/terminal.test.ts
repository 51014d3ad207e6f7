/** kt on a real terminal, through tmux: colour, a question, and text that tries to act on the screen. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { programs } from '../support/kt.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-terminal-'));
const server = `kt-${randomUUID()}`;
const skip = spawnSync('tmux', ['-V']).error ? 'tmux is not installed' : false;

mkdirSync(join(folder, 'kt'));
writeFileSync(
  join(folder, 'kt/config.yaml'),
  'profiles:\n  "evil\\e]2;pwned\\a\\e[2J":\n    bootstrapServer: hostile:9092\n  good:\n    bootstrapServer: good:9092\n',
);

function tmux(...args: string[]): string {
  return execFileSync('tmux', ['-L', server, '-f', '/dev/null', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

after(() => {
  if (!skip) spawnSync('tmux', ['-L', server, 'kill-server']);
  rmSync(folder, { recursive: true });
});

/** Runs a line on a fresh terminal; resolves with its screen, escapes of colour included, once the line's exit code is on it. */
async function screenOf(line: string): Promise<string> {
  const name = randomUUID();
  tmux('new-session', '-d', '-s', name, '-x', '100', '-y', '20', `cd / && ${line}; echo "code=$?"; exec sleep 60`);
  for (;;) {
    const screen = tmux('capture-pane', '-p', '-e', '-t', name);
    if (/code=\d+/.test(screen)) return `${screen}\ntitle=${tmux('display-message', '-p', '-t', name, '#{pane_title}')}`;
    await wait(20);
  }
}

for (const program of ['node', 'binary'] as const) {
  const kt = `XDG_CONFIG_HOME='${folder}' ${programs[program].map((word) => `'${word}'`).join(' ')}`;

  describe(program, { skip, timeout: 30_000 }, () => {
    test('a table is coloured, and a hostile name in it is only read', async () => {
      const screen = await screenOf(`${kt} profile list`);
      assert.ok(screen.includes('evil\\x1b]2;pwned\\x07\\x1b[2J'), screen);
      assert.ok(screen.includes('good:9092'), 'nothing was wiped');
      assert.match(screen, /\x1b\[2m *NAME/, 'a dim header');
      assert.match(screen, /code=0/);
      assert.doesNotMatch(screen, /title=.*pwned/);
    });

    test('NO_COLOR takes the colour away', async () => {
      const screen = await screenOf(`NO_COLOR=1 ${kt} profile list`);
      assert.match(screen, /^NAME +BOOTSTRAP-SERVER/);
      assert.ok(!screen.includes('\x1b['), screen);
    });

    test('a hostile word in an error is only read', async () => {
      const screen = await screenOf(`${kt} "$(printf 'x\\033]2;pwned\\007\\033[2J')"`);
      assert.ok(screen.includes('unknown command x\\x1b]2;pwned\\x07\\x1b[2J'), screen);
      assert.match(screen, /code=2/);
      assert.doesNotMatch(screen, /title=.*pwned/);
    });

    test('a wide table is cut to the terminal, and not with -o wide', async () => {
      const long = 'x'.repeat(120);
      mkdirSync(join(folder, program, 'kt'), { recursive: true });
      writeFileSync(join(folder, program, 'kt/config.yaml'), `profiles:\n  ${long}:\n    bootstrapServer: a:1\n`);
      const cut = await screenOf(`${kt.replace(folder, join(folder, program))} profile list`);
      assert.match(cut, /x…/);
      assert.ok(cut.includes('a:1'));
      assert.doesNotMatch(await screenOf(`${kt.replace(folder, join(folder, program))} profile list -o wide`), /…/);
    });
  });
}
