/** What only a process shows: exit codes, pipes, signals, colour; on Node and as the single binary in an empty folder. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { kt, programs, startKt } from '../support/kt.ts';

const root = join(import.meta.dirname, '../..');
const empty = mkdtempSync(join(tmpdir(), 'kt-empty-'));
const copied = join(empty, 'kt');
copyFileSync(programs.binary[0], copied);
after(() => rmSync(empty, { recursive: true }));

/** Accepts connections and never answers. Resolves with its port and how often somebody came. */
async function muteBroker() {
  const sockets = new Set<import('node:net').Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    address: `127.0.0.1:${port}`,
    visited: once(server, 'connection'),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test('the binary runs from a folder where nothing else is', async () => {
  const child = spawn(copied, ['--version'], { cwd: empty, env: {} });
  const [text] = await once(child.stdout, 'data');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.equal(String(text), `kt ${version}\n`);
});

test('nothing that users get says in which folder kt was built', () => {
  const dist = join(root, 'dist');
  const files = readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.some(({ name }) => name === 'kt') && files.some(({ name }) => name === 'main.js'));
  const leaking = files.filter(({ name }) => readFileSync(join(dist, name)).includes(root));
  assert.deepEqual(
    leaking.map(({ name }) => name),
    [],
  );
});

for (const program of ['node', 'binary'] as const) {
  describe(program, () => {
    test('help and version are printed without a word on stderr', async () => {
      for (const args of [[], ['--help'], ['--version'], ['tail', '--help'], ['help', 'topics', 'create']]) {
        const { code, stdout, stderr } = await kt(args, { program });
        assert.deepEqual([code, stderr], [0, ''], args.join(' '));
        assert.ok(stdout.endsWith('\n'));
        assert.ok(!stdout.includes('\x1b'), 'no colour in a pipe');
      }
    });

    test('an unknown command is exit 2 with the nearest one', async () => {
      const { code, stdout, stderr } = await kt(['topisc'], { program });
      assert.deepEqual([code, stdout, stderr], [2, '', 'kt: unknown command topisc\nhint: did you mean kt topics?\n']);
    });

    test('when the reader of a pipe has gone, kt ends silently with exit 0', async () => {
      const child = startKt(['completion', 'bash'], { program });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.on('data', (chunk) => (stderr += chunk));
      const [code] = await once(child, 'close');
      assert.deepEqual([code, stderr], [0, '']);
    });

    test('long output arrives whole through a pipe with a slow reader', async () => {
      const command = programs[program].map((word) => `'${word}'`).join(' ');
      const child = spawn('sh', ['-c', `${command} completion bash | (sleep 0.3; wc -c)`]);
      const [count] = await once(child.stdout, 'data');
      assert.equal(Number(String(count)), (await kt(['completion', 'bash'], { program })).stdoutBytes.length);
    });

    test('an unreachable broker is exit 4, with host, port and what to do', async () => {
      const { code, stdout, stderr } = await kt(['topics', 'list', '-b', '127.0.0.1:1'], { program });
      assert.equal(code, 4, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, /^kt: .*127\.0\.0\.1:1.*\(.+\)\nhint: .+\n$/);
    });

    test('an error is one JSON object with -o json', async () => {
      const { code, stderr } = await kt(['topics', 'list', '-b', '127.0.0.1:1', '-o', 'json'], { program });
      assert.equal(code, 4);
      const { error } = JSON.parse(stderr);
      assert.deepEqual(Object.keys(error), ['kind', 'code', 'message', 'hint']);
      assert.deepEqual([error.kind, error.code], ['connection', 'ECONNREFUSED']);
    });

    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      test(`${signal} while nobody answers is exit ${expected}, at once`, async () => {
        const broker = await muteBroker();
        const child = startKt(['topics', 'list', '-b', broker.address, '--timeout', '60s'], { program });
        let stderr = '';
        child.stderr.on('data', (chunk) => (stderr += chunk));
        await broker.visited;
        child.kill(signal);
        const [code] = await once(child, 'close');
        broker.close();
        assert.deepEqual([code, stderr], [expected, '']);
      });
    }

    // Node itself undoes what nohup did before kt starts.
    const nohup = program === 'binary' && process.platform === 'linux';
    test('under nohup a closed terminal ends nothing', { skip: !nohup }, async () => {
      const broker = await muteBroker();
      const child = spawn('nohup', [...programs[program], 'topics', 'list', '-b', broker.address, '--timeout', '60s']);
      await broker.visited;
      child.kill('SIGHUP');
      child.kill('SIGTERM');
      const [code] = await once(child, 'close');
      broker.close();
      assert.equal(code, 143);
    });

    test('a silent broker is exit 4 within the timeout', async () => {
      const broker = await muteBroker();
      // The best of several: a busy machine may delay one.
      let took = Number.POSITIVE_INFINITY;
      for (let tries = 0; took >= 9_000 && tries < 5; tries++) {
        const start = performance.now();
        const { code, stderr } = await kt(['topics', 'list', '-b', broker.address, '--timeout', '700ms'], { program });
        took = performance.now() - start;
        assert.equal(code, 4, stderr);
        assert.ok(stderr.includes(broker.address), stderr);
      }
      broker.close();
      assert.ok(took < 9_000, 'the 10 s by default do not hold');
    });
  });
}
