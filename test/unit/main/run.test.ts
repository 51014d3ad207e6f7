/** kt inside the test's process: help, errors and exit codes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import { report, run } from '../../../src/main.ts';
import { ClosedPipe } from '../../../src/render/out.ts';
import { fakeIo, runKt } from '../../support/fake-io.ts';

test('without words kt says what there is, by noun and in order', async () => {
  const { code, stdout, stderr } = await runKt('');
  assert.equal(code, 0);
  assert.equal(stderr, '');
  const order = ['  topics ', '  tail (consume) ', '  lag ', '  groups ', '  local ', '  completion '].map((word) =>
    stdout.indexOf(word),
  );
  assert.ok(
    order.every((at) => at > 0),
    stdout,
  );
  assert.doesNotMatch(stdout, /\n {2}(man|complete) /, 'hidden commands');
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
});

test("help of a command shows its usage, options, JSON fields and examples, a noun's its commands", async () => {
  const create = await runKt('help topics create');
  assert.deepEqual(create, await runKt('topics create --help'));
  for (const part of [
    'USAGE\n  kt topics create <topic…>',
    '--partitions',
    'JSON FIELDS',
    'EXAMPLES',
    '-o table, wide, json',
  ]) {
    assert.ok(create.stdout.includes(part), part);
  }
  const noun = await runKt('topics');
  assert.equal(noun.code, 0);
  assert.match(noun.stdout, /topics list .*\n +topics create .*\n +topics describe /);
});

test('help is coloured only on a terminal or when asked for', async () => {
  assert.ok((await runKt('', { terminal: { stdout: true } })).stdout.includes('\x1b[1m'));
  assert.ok((await runKt('--color always')).stdout.includes('\x1b[1m'));
  assert.ok(!(await runKt('', { terminal: { stdout: true }, env: { NO_COLOR: '1' } })).stdout.includes('\x1b'));
  assert.ok(!(await runKt('')).stdout.includes('\x1b'));
});

test('the version is that of package.json', async () => {
  assert.match((await runKt('--version')).stdout, /^kt \d+\.\d+\.\d+\n$/);
});

test('a usage error is exit 2 with a line and a hint, or one JSON object', async () => {
  assert.deepEqual(await runKt('topisc list'), {
    code: 2,
    stdout: '',
    stderr: 'kt: unknown command topisc\nhint: did you mean kt topics?\n',
  });
  const { code, stderr } = await runKt('topics create -o json');
  assert.equal(code, 2);
  assert.deepEqual(JSON.parse(stderr), {
    error: {
      kind: 'usage',
      code: null,
      message: 'missing required argument topic',
      hint: 'usage: kt topics create <topic…> [options]',
    },
  });
});

test('words from the command line cannot act on the terminal through an error', async () => {
  const { stderr } = await runKt(['topics\x1b[2J']);
  assert.equal(stderr.split('\n')[0], 'kt: unknown command topics\\x1b[2J');
});

test('a reader that has gone is no error', async () => {
  const gone = {
    write() {
      return Promise.reject(new ClosedPipe());
    },
  };
  for (const words of ['', '--version', 'completion bash']) {
    const io = { ...fakeIo(words), stdout: gone };
    assert.equal(await run(io), 0, words);
    assert.equal(io.output.stderr, '', words);
  }
});

test('a million problems are printed, and the worst of them is the exit code', async () => {
  const refused = new KtError('refused', 'unknown topic x', { hint: 'kt topics list shows them' });
  const problems: KtError[] = new Array(1_000_000).fill(refused);
  problems[500_000] = new KtError('connection', 'no answer');
  let lines = 0;
  const io = { ...fakeIo(''), stderr: () => void lines++ };
  assert.equal(await report(io, problems, { color: 'never', verbose: false, json: false }), 4);
  assert.equal(lines, 1_000_000);
});

test('a defect is exit 70 and asks for a report', async () => {
  const io = {
    ...fakeIo('--version'),
    stdout: {
      write() {
        return Promise.reject(new TypeError('broken'));
      },
    },
  };
  assert.equal(await run(io), 70);
  assert.equal(
    io.output.stderr,
    'kt: unexpected error: broken (a bug in kt)\nhint: run it again with -v and report what it prints\n',
  );
});

test('an unreachable broker is exit 4, whatever else the command is', async () => {
  const { code, stdout, stderr } = await runKt('topics list -b 127.0.0.1:1 --timeout 2s');
  assert.equal(code, 4, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /^kt: .*127\.0\.0\.1:1.*\(.+\)\nhint: .+\n$/);
});

test('completion has nothing to say about a cluster that does not answer, and no error', async () => {
  for (const kind of ['topic', 'group', 'profile']) {
    const answer = await runKt(`complete ${kind} -b 127.0.0.1:1`, { env: { XDG_CONFIG_HOME: '/nonexistent' } });
    assert.deepEqual(answer, { code: 0, stdout: '', stderr: '' }, kind);
  }
});

test('the first Ctrl-C ends a command cleanly, a second one at once', async (t) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    const io = fakeIo(`topics list -b 127.0.0.1:${port} --timeout 60s`);
    const running = run(io);
    await once(server, 'connection');
    let now = performance.now();
    const clock = t.mock.method(performance, 'now', () => now);
    io.signal(signal);
    if (signal === 'SIGINT') {
      io.signal(signal);
      assert.equal(io.output.exited, undefined, 'what timeout(1) sends twice is one Ctrl-C');
      now += 150;
    }
    io.signal('SIGINT');
    assert.equal(io.output.exited, 130, 'at once');
    clock.mock.restore();
    assert.equal(await running, code);
    assert.equal(io.output.stderr, '');
  }
  for (const socket of sockets) socket.destroy();
  server.close();
});
