/**
 * A release, as far as one machine with Linux can try it: each package is installed on a machine without Node and Bun, used with a real Kafka, and
 * removed without a trace; programs for other systems are read.
 *
 *   npm run test:release              builds the release first
 *   npm run test:release -- --built   takes what is in dist/release
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBinary } from '../../scripts/release/binaries.ts';
import { readExecutable } from '../../scripts/release/executable.ts';
import { archiveOf, type Platform, platforms, programOf, thisPlatform } from '../../scripts/release/platforms.ts';
import { npmName } from '../../scripts/release/project.ts';
import { checkSignature } from '../../scripts/release/signature.ts';
import { type BareMachine, bareMachine } from '../support/bare-machine.ts';
import { ownCluster } from '../support/clusters.ts';
import { endings } from '../support/endings.ts';
import { assertInstalled, version } from '../support/installed.ts';
import { ktOn } from '../support/kt-on.ts';
import { assertNpmPackage } from '../support/package-install.ts';
import { serveReleases } from '../support/releases.ts';
import { tryProgram } from './release/elsewhere.ts';
import { sameBytes } from './release/same-bytes.ts';
import { file, release, root, run, story, summary } from './release/stories.ts';
import { checkTexts } from './release/texts.ts';

/** Of `bun build --metafile`. */
interface Metafile {
  readonly inputs: Readonly<
    Record<string, { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }>
  >;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const here = thisPlatform()!;

if (process.argv.includes('--built')) run(process.execPath, join(root, 'scripts/build.mjs'));
else execFileSync('npm', ['run', '-s', 'release'], { cwd: root, stdio: 'inherit' });

const { during, end } = endings();
const folder = mkdtempSync(join(tmpdir(), 'kt-release-'));
during.after(() => rmSync(folder, { recursive: true }));

/** Unpacks an archive. @returns the folder in it */
function unpacked(platform: Platform): string {
  const archive = file(archiveOf(platform));
  if (platform.archive === 'zip') run('unzip', '-q', archive, '-d', folder);
  else run('tar', '-xzf', archive, '-C', folder);
  return join(folder, `kt-${platform.name}`);
}

async function uses(machine: BareMachine, prefix: string, cluster: { bootstrapServers: string; topic: string }): Promise<void> {
  await assertInstalled(machine, prefix, { ...cluster, completion: join(prefix, 'share/bash-completion/completions/kt') });
}

/** What dpkg and rpm themselves keep is no trace of kt. */
function withoutRecords(machine: BareMachine): string[] {
  return machine.files().filter((path) => !/^(var\/lib\/(dpkg|rpm)|usr\/lib\/sysimage|root\/\.rpmdb)\//.test(path));
}

async function tryPackages(cluster: { bootstrapServers: string; topic: string }): Promise<void> {
  await story('the tarball, unpacked over a prefix', async () => {
    const machine = bareMachine(during);
    cpSync(unpacked(here), join(machine.home, 'opt'), { recursive: true, preserveTimestamps: true });
    await uses(machine, join(machine.home, 'opt'), cluster);
  });
  await story('the .deb, installed and removed with dpkg', async () => {
    const machine = bareMachine(during);
    const dpkg = (...args: string[]) =>
      run('dpkg', `--root=${machine.home}`, '--force-depends', '--force-script-chrootless', ...args);
    for (const part of ['updates', 'info', 'triggers'])
      mkdirSync(join(machine.home, 'var/lib/dpkg', part), { recursive: true });
    writeFileSync(join(machine.home, 'var/lib/dpkg/status'), '');
    dpkg('--install', file(`kt-${here.name}.deb`));
    await uses(machine, join(machine.home, 'usr'), cluster);
    dpkg('--purge', 'kt');
    assert.deepEqual(withoutRecords(machine), []);
  });
  await story('the .rpm, installed and removed with rpm', async () => {
    const machine = bareMachine(during);
    const rpm = (...args: string[]) => run('rpm', '--root', machine.home, '--nodeps', ...args);
    rpm('--install', file(`kt-${here.name}.rpm`));
    await uses(machine, join(machine.home, 'usr'), cluster);
    rpm('--erase', 'kt');
    assert.deepEqual(withoutRecords(machine), []);
  });
  await story('install.sh, from a server with all files of the release', async () => {
    const releases = await serveReleases(during);
    for (const name of readdirSync(release, { withFileTypes: true }).filter((entry) => entry.isFile())) {
      releases.add(version, name.name, { path: file(name.name) });
    }
    const machine = bareMachine(during, ['curl']);
    const install = (...args: string[]) => machine.run(['sh', file('install.sh'), '--mirror', releases.url, ...args]);
    for (const args of [[], ['--version', version]]) {
      const { code, stderr } = await install(...args);
      assert.equal(code, 0, stderr);
    }
    await uses(machine, join(machine.home, '.local'), cluster);
    assert.equal((await install('--uninstall')).code, 0);
    assert.deepEqual(machine.files(), []);
  });
  await story('the npm package, on Node', () =>
    assertNpmPackage(bareMachine(during), file(`${npmName}-${version}.tgz`), cluster),
  );
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** What the bundler did not put in, and what would so have to be there at run time: nothing but the runtime's own modules may be. */
function missingModules({ name }: Platform): readonly string[] {
  const { inputs, outputs }: Metafile = JSON.parse(
    readFileSync(join(root, `node_modules/.cache/kt-build/kt-${name}.json`), 'utf8'),
  );
  const inside = new Set(Object.keys(outputs).map(nameOf));
  return Object.values(inputs)
    .flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))
    .filter((path) => !isBuiltin(path) && !path.startsWith('bun:') && !inside.has(nameOf(path)));
}

/** Every archive has the same files, and a program for its system, which is tried where anything here can run it. */
async function readPrograms(bootstrapServers: string): Promise<void> {
  const listed = new Set<string>();
  for (const platform of platforms) {
    const tree = platform === here ? join(folder, `kt-${here.name}`) : unpacked(platform);
    await story(`the program for ${platform.name}`, () => {
      const bytes = readFileSync(join(tree, 'bin', programOf(platform)));
      checkBinary(platform, bytes);
      assert.ok(bytes.length > 90e6);
      const { signature } = readExecutable(bytes);
      if (signature) {
        assert.ok(checkSignature(bytes, signature) > 20_000, 'it covers the whole file');
        bytes[bytes.length >> 1]! ^= 1;
        assert.throws(() => checkSignature(bytes, signature), /page \d+ does not match its signature/);
      }
      const names = readdirSync(tree, { recursive: true, encoding: 'utf8' }).sort().join('\n').replace('kt.exe', 'kt');
      listed.add(names);
      assert.deepEqual(missingModules(platform), []);
    });
    await tryProgram(platform.name, join(tree, 'bin', programOf(platform)), bootstrapServers, folder);
    if (platform !== here) rmSync(tree, { recursive: true });
  }
  assert.equal(listed.size, 1, 'all archives hold the same files');
}

try {
  const { bootstrapServers } = await ownCluster(during, {});
  const topic = await ktOn({ bootstrapServers }, 'binary').newTopic();
  await tryPackages({ bootstrapServers, topic });
  await readPrograms(bootstrapServers);
  await checkTexts(folder);
  await sameBytes(folder);
  console.log(summary());
} finally {
  await end();
}
