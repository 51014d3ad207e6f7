/** kt on a real terminal, through tmux: colour, a question, and text that tries to act on the screen. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { programs } from '../support/kt.ts';
import { openTerminal, terminalUnavailable } from '../support/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-terminal-'));
const terminal = openTerminal();
const skip = terminalUnavailable;
const { screenOf } = terminal;

mkdirSync(join(folder, 'kt'));
writeFileSync(
  join(folder, 'kt/config.yaml'),
  'profiles:\n  "evil\\e]2;pwned\\a\\e[2J":\n    bootstrapServer: hostile:9092\n  good:\n    bootstrapServer: good:9092\n',
);

after(() => {
  terminal.close();
  rmSync(folder, { recursive: true });
});

for (const program of ['node', 'binary'] as const) {
  const kt = `XDG_CONFIG_HOME='${folder}' ${programs[program].map((word) => `'${word}'`).join(' ')}`;

  describe(program, { skip, timeout: 240_000 }, () => {
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
