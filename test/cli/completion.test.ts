/** Completion as each shell runs it; a shell that is not installed is skipped by name. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kt, programs } from '../support/kt.ts';
import { listen } from '../support/servers.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-completion-'));
after(() => rmSync(folder, { recursive: true }));
symlinkSync(programs.binary[0], join(folder, 'kt'));
const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, HOME: folder, XDG_CONFIG_HOME: folder, TERM: 'dumb' };

function script(shell: string): string {
  const path = join(folder, shell);
  writeFileSync(path, execFileSync(programs.binary[0], ['completion', shell]));
  return path;
}

function missing(shell: string): string | false {
  return spawnSync(shell, ['--version']).error ? `${shell} is not installed` : false;
}

/** What bash offers for a line with the cursor at its end. */
function inBash(line: string): string[] {
  const asked = `source '${script('bash')}'; COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; _kt; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', asked], { env, encoding: 'utf8' });
  assert.equal(stderr, '', line);
  return stdout.split('\n').filter(Boolean);
}

function inFish(line: string): string[] {
  const asked = `source '${script('fish')}'; complete -C '${line}'`;
  const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', asked], { env, encoding: 'utf8' });
  assert.equal(stderr, '', line);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((each) => each.split('\t')[0]!);
}

/** The same questions for each shell that can be asked without a terminal. */
function story(offered: (line: string) => string[]): void {
  assert.ok(offered('kt ').includes('topics') && offered('kt ').includes('consume'));
  assert.ok(!offered('kt ').includes('complete'), 'hidden');
  assert.deepEqual(offered('kt top').sort(), ['top', 'topics']);
  assert.deepEqual(offered('kt topics cr'), ['create']);
  assert.deepEqual(offered('kt -b localhost:9092 topics cr'), ['create'], 'after a global option and its value');
  assert.deepEqual(offered('kt topics create x --parti'), ['--partitions']);
  assert.deepEqual(offered('kt topics list --color a').sort(), ['always', 'auto']);
  assert.deepEqual(offered('kt completion z'), ['zsh']);
  assert.deepEqual(offered('kt tail t -o j'), ['json']);
  assert.deepEqual(offered('kt topics describe -b 127.0.0.1:1 '), [], 'nobody answers');
  assert.deepEqual(offered('kt topics create x --config cleanup.policy=d'), ['cleanup.policy=delete']);
  assert.deepEqual(offered('kt topics alter x --delete-config retention.'), ['retention.bytes', 'retention.ms']);
  assert.deepEqual(offered('kt configs alter topic x --config preall').sort(), ['preallocate=false', 'preallocate=true']);
  assert.deepEqual(offered('kt tail x --from be'), ['beginning']);
  assert.deepEqual(offered('kt topics offsets x --at max'), ['max-timestamp']);
  assert.deepEqual(offered('kt local up --kafka-version 4.0'), ['4.0.0']);
  assert.deepEqual(offered('kt configs describe broker-l'), ['broker-logger']);
}

test('bash completes words, flags and values', { skip: missing('bash') }, () => {
  execFileSync('bash', ['-n', script('bash')]);
  story(inBash);
});

test('fish completes words, flags and values', { skip: missing('fish') }, () => {
  execFileSync('fish', ['--no-execute', script('fish')]);
  story(inFish);
});

test('zsh reads its script', { skip: missing('zsh') }, () => {
  execFileSync('zsh', ['-n', script('zsh')]);
  const loaded = spawnSync(
    'zsh',
    ['-f', '-c', `autoload -Uz compinit; compinit -u -D; source '${script('zsh')}'; print $_comps[kt]`],
    {
      env,
      encoding: 'utf8',
    },
  );
  assert.deepEqual([loaded.stdout, loaded.stderr], ['_kt\n', '']);
});

test('a hostile name is offered to bash as a quoted word that runs nothing', { skip: missing('bash') }, () => {
  const asked = `source '${script('bash')}'; cur=''; COMPREPLY=(); __kt_offer <<< 'a$(touch pwned) b'; printf '%s' "\${COMPREPLY[0]}"`;
  const { stdout } = spawnSync('bash', ['--norc', '-c', asked], { env, encoding: 'utf8', cwd: folder });
  assert.equal(stdout, 'a\\$\\(touch\\ pwned\\)\\ b');
});

test('a server that says nothing offers nothing, and is left within half a second', async () => {
  const held: number[] = [];
  const server = await listen((socket) => {
    const acceptedAt = performance.now();
    socket.resume().on('close', () => held.push(performance.now() - acceptedAt));
  });
  try {
    for (const kind of ['topic', 'group']) {
      held.length = 0;
      // A busy machine may keep kt from leaving in time, but not again and again.
      for (let tries = 0; !held.some((ms) => ms <= 500) && tries < 10; tries++) {
        const { code, stdout } = await kt(['complete', kind, '-b', server.address], { program: 'binary' });
        assert.deepEqual([code, stdout], [0, '']);
        await until(() => held.length > tries, 'the connection to end');
      }
      assert.ok(Math.min(...held) <= 500, `${held} ms`);
    }
  } finally {
    await server.close();
  }
});
