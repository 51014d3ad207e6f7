/** install.sh and the action setup-kt: what is checked is installed, and all else is refused with nothing left behind. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { bareMachine } from '../support/bare-machine.ts';
import { type Releases, serveReleases, sha256 } from '../support/releases.ts';

const root = join(import.meta.dirname, '../..');
const installer = join(root, 'install.sh');
const folder = mkdtempSync(join(tmpdir(), 'kt-archives-'));
after(() => rmSync(folder, { recursive: true }));

/** An archive as a release has it, with a script in the program's place. */
function archive(platform: string, version: string, files: readonly string[] = []): Buffer {
  const name = `kt-${platform}`;
  const tree = join(folder, version, name);
  const program = platform.startsWith('windows') ? 'kt.exe' : 'kt';
  for (const part of ['bin', 'share/man/man1']) mkdirSync(join(tree, part), { recursive: true });
  writeFileSync(join(tree, 'bin', program), `#!/bin/sh\necho kt ${version}\n`, { mode: 0o755 });
  for (const file of ['share/man/man1/kt.1.gz', ...files]) writeFileSync(join(tree, file), version);
  const out = join(folder, `${version}-${platform.startsWith('windows') ? `${name}.zip` : `${name}.tar.gz`}`);
  const [pack, ...args] = out.endsWith('.zip') ? ['zip', '-qr', out, name] : ['tar', '-czf', out, name];
  execFileSync(pack!, args, { cwd: join(folder, version) });
  return readFileSync(out);
}

function publish(releases: Releases, platform: string, version: string, files?: readonly string[]): void {
  const name = platform.startsWith('windows') ? `kt-${platform}.zip` : `kt-${platform}.tar.gz`;
  const content = archive(platform, version, files);
  releases.add(version, name, content);
  releases.sums(version, { [name]: sha256(content) });
}

/** A machine for Linux on x64 with curl, whatever runs the tests, and releases to install on it. */
async function situation(during: TestContext) {
  const releases = await serveReleases(during);
  const machine = bareMachine(during, ['curl']);
  const system = (name: string, processor: string) =>
    machine.put('uname', `case $1 in -s) echo ${name} ;; -m) echo ${processor} ;; esac`);
  const libc = (name: string) => machine.put('ldd', `echo ${name} >&2; exit 1`);
  system('Linux', 'x86_64');
  libc('glibc');
  const install = (...args: string[]) => machine.run(['sh', installer, '--mirror', releases.url, ...args]);
  return { releases, machine, system, libc, install };
}

test('the newest release is installed, replaced by an older one on demand, and removed without a trace', async (t) => {
  const { releases, machine, install } = await situation(t);
  publish(releases, 'linux-x64', '1.0.0');
  publish(releases, 'linux-x64', '1.1.0', ['share/man/man1/kt-new.1.gz']);
  const first = await install();
  assert.deepEqual([first.code, first.stderr], [0, '']);
  assert.match(
    first.stdout,
    /kt 1\.1\.0 is installed: \S+\/\.local\/bin\/kt\nPut it on your PATH: export PATH="\S+\/\.local\/bin:\$PATH"/,
  );
  const installed = [
    '.local/bin/kt',
    '.local/share/kt/installed',
    '.local/share/man/man1/kt-new.1.gz',
    '.local/share/man/man1/kt.1.gz',
  ];
  assert.deepEqual(machine.files(), installed);

  const again = await install('--version', 'v1.0.0');
  assert.match(again.stdout, /kt 1\.0\.0 is installed/);
  assert.deepEqual(
    machine.files(),
    installed.filter((file) => !file.includes('kt-new')),
    'what the other version lacks is gone',
  );
  assert.equal((await machine.run([join(machine.home, '.local/bin/kt')])).stdout, 'kt 1.0.0\n');

  // What others put there stays.
  writeFileSync(join(machine.home, '.local/share/man/man1/other.1'), '');
  const removed = await machine.run(['sh', installer, '--uninstall']);
  assert.deepEqual([removed.code, removed.stdout], [0, `kt is removed from ${machine.home}/.local\n`]);
  assert.deepEqual(machine.files(), ['.local/share/man/man1/other.1']);
  assert.ok(!existsSync(join(machine.home, '.local/bin')));
  const twice = await machine.run(['sh', installer, '--uninstall']);
  assert.match(twice.stderr, /no kt was installed below \S+ by this script/);
  assert.equal(twice.code, 1);
});

test('each platform gets its own file: musl by what ldd says, macOS, arm64, Windows as a zip', async (t) => {
  const { releases, machine, system, libc, install } = await situation(t);
  const got = async (platform: string) => {
    publish(releases, platform, '1.0.0');
    const { code, stderr, stdout } = await install('--prefix', join(machine.home, 'with space'));
    assert.deepEqual([code, stderr], [0, ''], platform);
    assert.match(stdout, new RegExp(`kt-${platform}[.]`));
  };
  await got('linux-x64');
  libc('musl libc');
  await got('linux-x64-musl');
  system('Darwin', 'arm64');
  await got('macos-arm64');
  system('Darwin', 'x86_64');
  await got('macos-x64');
  libc('glibc');
  system('Linux', 'aarch64');
  await got('linux-arm64');
  system('MINGW64_NT-10.0', 'x86_64');
  await got('windows-x64');
  assert.ok(machine.files().includes('with space/bin/kt.exe'));
});

test('without curl it takes wget', async (t) => {
  const releases = await serveReleases(t);
  const machine = bareMachine(t, ['wget']);
  publish(releases, 'linux-x64', '1.0.0');
  machine.put('uname', 'case $1 in -s) echo Linux ;; -m) echo x86_64 ;; esac');
  machine.put('ldd', 'echo glibc');
  const install = (...args: string[]) => machine.run(['sh', installer, '--mirror', releases.url, ...args]);
  assert.match((await install()).stdout, /kt 1\.0\.0 is installed/);
  assert.match((await install('--version', '2.0.0')).stderr, /download\/v2\.0\.0\/SHA256SUMS cannot be downloaded/);
  machine.lack('wget');
  assert.match((await install()).stderr, /neither curl nor wget is installed/);
});

test('nothing is installed that is not the file of the release', async (t) => {
  const { releases, machine, system, libc, install } = await situation(t);
  const file = 'kt-linux-x64.tar.gz';
  const refused = async (reason: RegExp, ...args: string[]) => {
    const { code, stderr } = await install(...args);
    assert.match(stderr, reason);
    assert.equal(code, 1);
    assert.deepEqual(machine.files(), []);
  };
  await refused(/latest\/download\/SHA256SUMS cannot be downloaded/);
  releases.sums('1.0.0', { 'kt-linux-arm64.tar.gz': sha256(Buffer.from('')) });
  await refused(/SHA256SUMS does not name kt-linux-x64\.tar\.gz/);
  releases.sums('1.0.0', { [file]: sha256(Buffer.from('')) });
  await refused(/kt-linux-x64\.tar\.gz cannot be downloaded/);
  releases.add('1.0.0', file, archive('linux-x64', '1.0.0'));
  await refused(
    /kt-linux-x64\.tar\.gz is not the file of the release: its SHA-256 is [0-9a-f]{64}, and SHA256SUMS has e3b0c442/,
  );
  await refused(/1 needs a value|--version needs a value/, '--version');
  await refused(/unknown argument --verison/, '--verison');

  publish(releases, 'linux-x64', '1.0.0');
  machine.lack('sha256sum');
  await refused(/nothing here computes SHA-256/);
  system('FreeBSD', 'amd64');
  await refused(/there is no kt for FreeBSD-x64\n.*npm install -g kafka-kt/);
  system('Linux', 'aarch64');
  libc('musl libc');
  await refused(/there is no kt for linux-arm64-musl/);
});

test('a kt that does not start here is not installed, and on musl the missing library is named', async (t) => {
  const { releases, machine, libc, install } = await situation(t);
  const tree = join(folder, 'broken');
  mkdirSync(join(tree, 'kt-linux-x64-musl/bin'), { recursive: true });
  writeFileSync(
    join(tree, 'kt-linux-x64-musl/bin/kt'),
    '#!/bin/sh\necho Error loading shared library libstdc++.so.6\nexit 127\n',
    { mode: 0o755 },
  );
  execFileSync('tar', ['-czf', join(folder, 'broken.tar.gz'), 'kt-linux-x64-musl'], { cwd: tree });
  const content = readFileSync(join(folder, 'broken.tar.gz'));
  releases.add('1.0.0', 'kt-linux-x64-musl.tar.gz', content);
  releases.sums('1.0.0', { 'kt-linux-x64-musl.tar.gz': sha256(content) });
  libc('musl libc');
  const { code, stderr } = await install();
  assert.match(stderr, /kt does not start: Error loading shared library[\s\S]+apk add libstdc\+\+/);
  assert.deepEqual([code, machine.files()], [1, []]);
});

test('a script that was cut off on the way does nothing', async (t) => {
  const { releases, machine } = await situation(t);
  publish(releases, 'linux-x64', '1.0.0');
  const text = readFileSync(installer, 'utf8');
  const lines = text.split('\n');
  for (const end of [lines.length - 3, Math.floor(lines.length / 2)]) {
    await machine.run(['sh'], { stdin: lines.slice(0, end).join('\n') });
    assert.deepEqual([machine.files(), releases.asked], [[], []], `cut off in line ${end}`);
  }
  const { stdout } = await machine.run(['sh', '-s', '--', '--help'], { stdin: text });
  assert.match(stdout, /sh install\.sh --uninstall/);
});

test('the action setup-kt puts kt on the PATH of the steps that follow, and says which', async (t) => {
  const { releases, machine } = await situation(t);
  publish(releases, 'linux-x64', '1.0.0');
  const action = parse(readFileSync(join(root, 'setup-kt/action.yml'), 'utf8'));
  const [step] = action.runs.steps;
  assert.deepEqual([action.runs.using, step.shell, Object.keys(step.env)], ['composite', 'bash', ['VERSION', 'MIRROR']]);
  // As GitHub lays it out: the repository at the wanted tag.
  const at = join(machine.home, '../action');
  mkdirSync(at);
  cpSync(join(root, 'setup-kt'), join(at, 'setup-kt'), { recursive: true });
  cpSync(installer, join(at, 'install.sh'));
  const env = {
    GITHUB_ACTION_PATH: join(at, 'setup-kt'),
    RUNNER_TEMP: machine.home,
    GITHUB_PATH: join(at, 'path'),
    GITHUB_OUTPUT: join(at, 'output'),
  };
  const run = (version: string) => {
    const inputs = { ...env, VERSION: version, MIRROR: releases.url };
    return machine.run([
      'env',
      ...Object.entries(inputs).map(([name, value]) => `${name}=${value}`),
      'bash',
      '-eo',
      'pipefail',
      '-c',
      step.run,
    ]);
  };
  assert.equal((await run(action.inputs.version.default)).code, 0);
  assert.equal(readFileSync(env.GITHUB_PATH, 'utf8'), `${machine.home}/kt/bin\n`);
  assert.equal(readFileSync(env.GITHUB_OUTPUT, 'utf8'), 'version=1.0.0\n');
  assert.notEqual((await run('7.0.0')).code, 0, 'a version that is not there fails the step');
});
