/** Files that say where the cluster is, as a shell gives them: process substitutions, pipes, devices. The default is never meant by accident. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type KtResult, kt, programs, startKt } from '../support/kt.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-cli-settings-'));
after(() => rmSync(folder, { recursive: true }));

const path = () => join(folder, randomUUID());

function fifo(): string {
  const at = path();
  execFileSync('mkfifo', [at]);
  return at;
}

/** Nobody listens there. */
const nowhere = '127.0.0.1:1';

for (const program of ['node', 'binary'] as const) {
  /** Runs a line of bash in which `kt` is this program. */
  async function bash(line: string, env: Record<string, string> = {}): Promise<Pick<KtResult, 'code' | 'stdout' | 'stderr'>> {
    const words = programs[program].map((word) => `'${word}'`).join(' ');
    const child = spawn('bash', ['--norc', '-c', `kt() { ${words} "$@"; }; ${line}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], XDG_CONFIG_HOME: '/nonexistent', ...env },
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk) => (output[name] += chunk));
    const [code] = await once(child, 'close');
    return { code, ...output };
  }

  /** It ended with a usage error about where the cluster is, having connected nowhere and printed nothing. */
  function isRefused({ code, stdout, stderr }: Pick<KtResult, 'code' | 'stdout' | 'stderr'>, why: RegExp): void {
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(stderr, why);
    assert.match(stderr, /\nhint: .+\n$/);
    assert.doesNotMatch(stderr, /connecting to|no connection/);
  }

  /**
   * Starts kt, whose input stays open, and sends a signal while it waits. Nothing shows from outside that it does: a signal that ended
   * it while kt was still starting is sent again later.
   */
  async function signalled(args: readonly string[], signal: NodeJS.Signals, env: Record<string, string>) {
    for (let afterMs = 300; ; afterMs *= 2) {
      const child = startKt(args, { program, env });
      let stderr = '';
      child.stderr.on('data', (chunk) => (stderr += chunk));
      setTimeout(() => child.kill(signal), afterMs);
      const [code, by] = await once(child, 'close');
      if (by === null || afterMs > 10_000) return { code, stderr };
    }
  }

  describe(program, { skip: process.platform === 'win32' && 'no FIFOs' }, () => {
    for (const command of ['topics list', 'topics create x', 'topics delete x --yes', 'lag --all', 'tail x']) {
      test(`kt ${command} uses the cluster that a process substitution names`, async () => {
        const { code, stdout, stderr } = await bash(`kt -v --command-config <(echo bootstrap.servers=${nowhere}) ${command}`);
        assert.deepEqual([code, stdout], [4, ''], stderr);
        const [first, second] = stderr.split('\n');
        assert.match(first!, /^connecting to 127\.0\.0\.1:1 \(\/dev\/fd\/\d+, line 1\)$/);
        assert.match(second!, /^kt: .*127\.0\.0\.1:1/);
        assert.doesNotMatch(stderr, /localhost/);
      });
    }

    test('a slow command in a process substitution is waited for', async () => {
      const { code, stderr } = await bash(
        `kt topics create x --command-config <(echo client.id=x; sleep 0.3; echo bootstrap.servers=${nowhere})`,
      );
      assert.equal(code, 4, stderr);
      assert.match(stderr, /127\.0\.0\.1:1/);
    });

    test('a process substitution that prints nothing is refused, by its flag and its variable', async () => {
      isRefused(await bash('kt -v topics create x --command-config <(false)'), /^kt: --command-config: .* \(it is empty\)/);
      isRefused(await bash('KT_COMMAND_CONFIG=<(false) kt -v topics create x'), /^kt: KT_COMMAND_CONFIG: .* \(it is empty\)/);
    });

    test('an empty file, a folder, a missing file and an endless device are refused', async () => {
      const empty = path();
      writeFileSync(empty, '');
      const table: [string, RegExp][] = [
        [empty, /it is empty/],
        ['/dev/null', /it is empty/],
        [folder, /it is a directory/],
        [path(), /no such file/],
        ['/dev/zero', /it is larger than 1MiB/],
      ];
      for (const [file, why] of table) {
        isRefused(await kt(['-v', 'topics', 'create', 'x', '--command-config', file], { program }), why);
      }
    });

    test('a FIFO whose writer closes at once is refused, whoever came first', async () => {
      for (const line of [': > "$at" & kt topics create x --command-config "$at"; code=$?; wait; exit $code']) {
        isRefused(await bash(line, { at: fifo() }), /it is empty/);
      }
      isRefused(
        await bash('(sleep 0.3; : > "$at") & kt topics create x --command-config "$at"', { at: fifo() }),
        /it is empty/,
      );
    });

    test('a removed current profile and a profile without an address are refused', async () => {
      const home = path();
      const env = { XDG_CONFIG_HOME: home };
      const run = (...args: string[]) => kt(args, { program, env });
      assert.equal((await run('profile', 'add', 'prod', '-b', nowhere, '--use')).code, 0);
      assert.equal((await run('profile', 'add', 'bare', '-X', 'client.id=x')).code, 0);
      const reached = await run('-v', 'topics', 'create', 'x');
      assert.equal(reached.code, 4);
      assert.match(reached.stderr, /^connecting to 127\.0\.0\.1:1 \(profile 'prod'\)\n/);
      isRefused(await run('-v', 'topics', 'create', 'x', '--profile', 'bare'), /^kt: profile 'bare' does not say where/);
      const removed = await run('profile', 'remove', 'prod', '--yes');
      assert.match(removed.stderr, /^'prod' was the current profile/);
      isRefused(await run('-v', 'topics', 'create', 'x'), /^kt: the current profile 'prod' is gone/);
      assert.equal((await run('topics', 'list', '-b', nowhere)).code, 4, 'an address makes up for it');
    });

    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      test(`${signal} while a FIFO has no writer is exit ${expected}, whatever names it`, async () => {
        const at = fifo();
        const home = path();
        mkdirSync(join(home, 'kt'), { recursive: true });
        writeFileSync(join(home, 'kt', 'config.yaml'), `current: p\nprofiles: { p: { commandConfig: ${at} } }`);
        const tls = ['-X', 'security.protocol=SSL', '-X'];
        for (const args of [
          ['topics', 'create', 'x', '--command-config', at],
          ['topics', 'create', 'x', '-X', `client.id=\${file:${at}}`],
          ['topics', 'create', 'x', ...tls, `ssl.ca.location=${at}`],
          ['topics', 'create', 'x'],
          ['profile', 'list'],
          ['profile', 'add', 'x', '--command-config', at],
          ['topics', 'apply', '-f', at],
          ['groups', 'reset-offsets', 'g', '--from-file', at],
        ]) {
          const { code, stderr } = await signalled(args, signal, { XDG_CONFIG_HOME: home });
          assert.deepEqual([code, stderr], [expected, ''], args.join(' '));
        }
      });
    }

    test('Ctrl-C ends the wait for stdin', async () => {
      for (const args of [
        ['topics', 'apply', '-f', '-'],
        ['groups', 'reset-offsets', 'g', '--from-file', '-'],
      ]) {
        const { code } = await signalled(args, 'SIGINT', {});
        assert.equal(code, 130, args.join(' '));
      }
    });
  });
}
