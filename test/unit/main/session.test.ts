/** What a run resolves, it resolves once: whoever asks for the settings, and the connection, get the same. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { GlobalOptions } from '../../../src/cli/options.ts';
import { openSession } from '../../../src/session.ts';
import { fakeIo, runKt } from '../../support/fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-session-'));
after(() => rmSync(folder, { recursive: true }));

const globals: GlobalOptions = { property: [], addressMap: [], color: 'auto', quiet: false, verbose: false, yes: false };
const path = () => join(folder, randomUUID());

const servers: Server[] = [];
after(() => servers.forEach((server) => void server.close()));

/** Hangs up on whoever connects, and counts them. */
async function listener() {
  const seen = { address: '', visits: 0 };
  const server = createServer((socket: Socket) => {
    seen.visits++;
    socket.on('error', () => {}).destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  servers.push(server);
  seen.address = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return seen;
}

let first: Awaited<ReturnType<typeof listener>>;
let second: Awaited<ReturnType<typeof listener>>;
before(async () => {
  [first, second] = await Promise.all([listener(), listener()]);
});

test('a file that changes, shrinks or goes while the run lasts leads nowhere else', async () => {
  for (const change of [
    (file: string) => writeFileSync(file, `bootstrap.servers=${second.address}\n`),
    (file: string) => writeFileSync(file, ''),
    (file: string) => rmSync(file),
  ]) {
    const commandConfig = path();
    writeFileSync(commandConfig, `bootstrap.servers=${first.address}\nclient.id=once\n`);
    const session = openSession(fakeIo(''), { ...globals, commandConfig, verbose: true });
    const settings = await session.settings();
    const visits = first.visits;
    change(commandConfig);
    assert.equal(await session.settings(), settings, 'the same value');
    await assert.rejects(session.context.cluster(), { kind: 'connection', message: new RegExp(first.address) });
    await assert.rejects(session.context.cluster(), { kind: 'connection', message: new RegExp(first.address) });
    assert.equal(first.visits, visits + 2, 'each try went to the first cluster');
    await session.close();
  }
  assert.equal(second.visits, 0);
});

test('variables that change while the run lasts lead nowhere else', async () => {
  const env: Record<string, string> = { KT_BOOTSTRAP_SERVER: first.address };
  const session = openSession(fakeIo('', { env }), globals);
  const settings = await session.settings();
  env['KT_BOOTSTRAP_SERVER'] = second.address;
  assert.equal(await session.settings(), settings);
  await assert.rejects(session.context.cluster(), { message: new RegExp(first.address) });
  await session.close();
  assert.equal(second.visits, 0);
});

test('settings that were refused stay refused, and nothing is connected', async () => {
  const commandConfig = path();
  writeFileSync(commandConfig, '');
  const session = openSession(fakeIo(''), { ...globals, commandConfig });
  await assert.rejects(session.settings(), { kind: 'usage' });
  writeFileSync(commandConfig, `bootstrap.servers=${second.address}\n`);
  await assert.rejects(session.settings(), { kind: 'usage' });
  await assert.rejects(session.context.cluster(), { kind: 'usage' });
  await session.close();
  assert.equal(second.visits, 0);
});

test('-v says which address is used and who gave it, before anything is connected', async () => {
  const { code, stderr } = await runKt(['topics', 'list', '-v', '-b', first.address]);
  assert.equal(code, 4);
  assert.equal(stderr.split('\n')[0], `connecting to ${first.address} (--bootstrap-server)`);
  assert.doesNotMatch((await runKt(['topics', 'list', '-b', first.address])).stderr, /connecting to/);
});

test('the cluster of another profile asks for a password, unless it must not', async () => {
  const home = path();
  mkdirSync(join(home, 'kt'), { recursive: true });
  const properties = 'security.protocol: SASL_PLAINTEXT\n      sasl.mechanism: PLAIN\n      sasl.username: alice';
  const profile = `bootstrapServer: ${second.address}\n    properties:\n      ${properties}`;
  writeFileSync(join(home, 'kt', 'config.yaml'), `profiles:\n  other:\n    ${profile}\n`, { mode: 0o600 });
  const io = fakeIo('', { env: { XDG_CONFIG_HOME: home }, terminal: { stdin: true, stderr: true } });
  const session = openSession(io, globals);
  await assert.rejects(session.context.clusterOf('other', { asks: false }), { kind: 'usage', message: /sasl.password/ });
  assert.equal(io.output.stderr, '');
  await assert.rejects(session.context.clusterOf('other'));
  assert.match(io.output.stderr, /Password of alice/);
  await session.close();
});

describe('pipes', { skip: process.platform === 'win32' && 'no FIFOs' }, () => {
  function fifo(): string {
    const at = path();
    execFileSync('mkfifo', [at]);
    return at;
  }

  // Commands that change something, or ask for the settings before they ask for the cluster.
  for (const words of [
    'topics create x',
    'topics delete x --yes',
    'groups delete g --yes',
    'configs alter topic x --config a=b',
    'lag',
  ]) {
    test(`kt ${words} goes to the cluster that a pipe named, which is empty when read again`, { timeout: 60_000 }, async () => {
      const at = fifo();
      createWriteStream(at).end(`bootstrap.servers=${first.address}\n`);
      const visits = first.visits;
      const { code, stdout, stderr } = await runKt([...words.split(' '), '--command-config', at]);
      assert.deepEqual([code, stdout], [4, ''], stderr);
      assert.ok(stderr.includes(first.address), stderr);
      assert.ok(first.visits > visits);
    });
  }

  test('nothing is connected before a pipe was read whole, though another source names the cluster', async () => {
    const at = fifo();
    const writer = createWriteStream(at);
    const visits = first.visits;
    const running = runKt(['topics', 'list', '-b', first.address, '--command-config', at]);
    await once(writer, 'open');
    await new Promise((resolve) => writer.write('client.id=x\n', resolve));
    assert.equal(first.visits, visits);
    writer.end('no.such.\\u12');
    const { code, stderr } = await running;
    assert.equal(code, 2, stderr);
    assert.equal(first.visits, visits);
  });

  test('a run that is over does not wait for a pipe that nobody writes', async () => {
    const answer = await runKt(['complete', 'topic', '--command-config', fifo()]);
    assert.deepEqual(answer, { code: 0, stdout: '', stderr: '' });
  });
});
