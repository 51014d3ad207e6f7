/** What `kt local` does on systems other than the one that the tests run on. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { installLine } from '../../../src/local/choose-runtime.ts';
import { javaProblem } from '../../../src/local/java.ts';
import { localPlace } from '../../../src/local/place.ts';
import { isOurs } from '../../../src/local/process.ts';

const { signal } = new AbortController();

test('who has neither Docker nor Java is told what installs them there', () => {
  const has = (file: string) => (path: string) => path === file;
  assert.match(installLine('linux', has('/etc/debian_version')), /^sudo apt-get install /);
  assert.match(installLine('linux', has('/etc/fedora-release')), /^sudo dnf install /);
  assert.match(installLine('linux', has('')), /^start Docker, or install Java 17/);
  assert.equal(installLine('darwin'), 'brew install openjdk maven');
  assert.doesNotMatch(installLine('win32'), /Java/);
});

test('on Windows Kafka runs in Docker only', async () => {
  assert.match((await javaProblem(undefined, signal, 'win32'))!, /on Linux and macOS only$/);
});

test('a process is recognised by its command line, on macOS as on Linux', async (t) => {
  const marker = `marker-${randomUUID()}`;
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)', marker], { stdio: 'ignore' });
  t.after(() => child.kill());
  await once(child, 'spawn');
  for (const system of ['linux', 'darwin'] as const) {
    assert.equal(await isOurs(child.pid!, marker, system), true);
    assert.equal(await isOurs(child.pid!, 'another', system), false);
  }
});

test('without a home among the variables, clusters are below the home that the system knows', () => {
  assert.equal(localPlace('default', {}).directory, join(homedir(), '.local', 'share', 'kt', 'local'));
  const { directory, cacheDirectory } = localPlace('default', { HOME: '/home/ada', XDG_CACHE_HOME: '/cache' });
  assert.deepEqual([directory, cacheDirectory], ['/home/ada/.local/share/kt/local', '/cache/kt']);
});
