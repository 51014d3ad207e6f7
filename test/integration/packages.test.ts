/** The npm package and what install.sh installs, each on a machine that has nothing of kt's, with a real broker. `npm run test:release` tries the rest. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkBinary } from '../../scripts/release/binaries.ts';
import { thisPlatform } from '../../scripts/release/platforms.ts';
import { layTree } from '../../scripts/release/tree.ts';
import { bareMachine } from '../support/bare-machine.ts';
import { testClusters } from '../support/clusters.ts';
import { assertInstalled } from '../support/installed.ts';
import { ktOn } from '../support/kt-on.ts';
import { assertNpmPackage } from '../support/package-install.ts';
import { serveReleases, sha256 } from '../support/releases.ts';

const root = join(import.meta.dirname, '../..');
const platform = thisPlatform()!;
const folder = mkdtempSync(join(tmpdir(), 'kt-packages-'));
after(() => rmSync(folder, { recursive: true }));
let cluster: { bootstrapServers: string; topic: string };
before(async () => {
  const newest = (await testClusters()).at(-1)!;
  cluster = { bootstrapServers: newest.bootstrapServers, topic: await ktOn(newest).newTopic() };
});

test('kt installed by install.sh works without Node and Bun, and goes without a trace', async (t) => {
  const tree = join(folder, `kt-${platform.name}`);
  await layTree(platform, join(root, 'dist/kt'), tree, 1_700_000_000);
  // A release compresses more, and takes longer.
  const archive = `${tree}.tar.gz`;
  execFileSync('tar', ['-C', folder, '-I', 'gzip -1', '-cf', archive, `kt-${platform.name}`]);
  const releases = await serveReleases(t);
  const name = `kt-${platform.name}.tar.gz`;
  releases.add('0.1.0', name, { path: archive });
  releases.sums('0.1.0', { [name]: sha256(readFileSync(archive)) });

  const machine = bareMachine(t, ['curl']);
  const install = (...args: string[]) => machine.run(['sh', join(root, 'install.sh'), ...args]);
  const { code, stderr } = await install('--mirror', releases.url);
  assert.deepEqual([code, stderr], [0, '']);
  const prefix = join(machine.home, '.local');
  await assertInstalled(machine, prefix, { ...cluster, completion: join(prefix, 'share/bash-completion/completions/kt') });
  for (const shell of ['zsh/site-functions/_kt', 'fish/vendor_completions.d/kt.fish', 'pwsh/completions/_kt.ps1']) {
    assert.match(readFileSync(join(prefix, 'share', shell), 'utf8'), /topics/, shell);
  }
  assert.equal((await install('--uninstall')).code, 0);
  assert.deepEqual(machine.files(), []);
});

test('the npm package works on Node alone, and goes without a trace', async (t) => {
  // Such as the quickstart leaves there.
  const left = join(root, 'dist/left-behind.txt');
  t.after(() => rmSync(left));
  writeFileSync(left, 'no part of kt\n');
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', `--pack-destination=${folder}`], { cwd: root, encoding: 'utf8' }),
  );
  assert.equal(packed.name, 'kafka-kt');
  const paths: string[] = packed.files.map(({ path }: { path: string }) => path);
  assert.ok(paths.includes('dist/main.js') && paths.includes('dist/THIRD-PARTY-LICENSES.txt') && paths.includes('man/kt.1'));
  assert.deepEqual(
    paths.filter(
      (path) =>
        !/^(bin|docs|examples|man|schemas)\/|^dist\/([^/]+\.js|THIRD-PARTY-LICENSES\.txt)$|^(CHANGELOG\.md|LICENSE|README\.md|package\.json)$/.test(
          path,
        ),
    ),
    [],
  );
  assert.ok(packed.unpackedSize < 20e6, 'neither a binary nor a release is in it');
  await assertNpmPackage(bareMachine(t), join(folder, packed.filename), cluster);
});

test('a program is kt for its platform, and a stripped one, which is Bun, is not', () => {
  checkBinary(platform, readFileSync(join(root, 'dist/kt')));
  const other = { name: 'windows-x64', format: 'PE', machine: 'x64' } as const;
  assert.throws(() => checkBinary(other, readFileSync(join(root, 'dist/kt'))), /the program for windows-x64 is a/);
  const bun = readFileSync(join(root, 'node_modules/bun/bin/bun.exe'));
  assert.throws(() => checkBinary(platform, bun), /is Bun without kt/);
});
