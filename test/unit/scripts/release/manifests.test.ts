/** What package managers are given: the right files with the right hashes, in a form that their tools read. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { writeChecksums } from '../../../../scripts/release/checksums.ts';
import { manifests } from '../../../../scripts/release/manifests.ts';
import { archiveOf, platforms } from '../../../../scripts/release/platforms.ts';
import { downloads, version } from '../../../../scripts/release/project.ts';

const sums = new Map(platforms.map((platform, index) => [archiveOf(platform), String(index).repeat(64)]));
const made = manifests(sums);
const text = (path: string) => made.get(path)!;

test('each URL is followed by the hash of that file', () => {
  for (const [path, pattern] of [
    ['homebrew/kt.rb', /url "(\S+)"\n\s+sha256 "(\w+)"/g],
    ['scoop/kt.json', /"url": "(\S+)",\n\s+"hash": "(\w+)"/g],
    ['winget/kafka-kt.kt.installer.yaml', /InstallerUrl: (\S+)\n\s+InstallerSha256: "?(\w+)"?/g],
  ] as const) {
    const found = [...text(path).matchAll(pattern)];
    assert.ok(found.length > 0, path);
    for (const [, url, hash] of found) assert.equal(sums.get(url!.slice(downloads.length + 1)), hash, `${path}: ${url}`);
  }
  assert.equal([...text('homebrew/kt.rb').matchAll(/ url /g)].length, 4);
});

test('a release that lacks a file gets no manifests', () => {
  assert.throws(() => manifests(new Map([...sums].slice(1))), /the release has no kt-linux-x64\.tar\.gz/);
});

test('scoop unpacks the zip and finds kt.exe in it', () => {
  const manifest = JSON.parse(text('scoop/kt.json'));
  assert.deepEqual(
    [manifest.version, manifest.license, manifest.extract_dir, manifest.bin],
    [version, 'Apache-2.0', 'kt-windows-x64', 'bin\\kt.exe'],
  );
  assert.match(manifest.autoupdate.architecture['64bit'].url, /\/v\$version\/kt-windows-x64\.zip$/);
});

test("winget's three manifests speak of the same version", () => {
  const all = ['', '.installer', '.locale.en-US'].map((part) => parse(text(`winget/kafka-kt.kt${part}.yaml`)));
  for (const each of all) assert.deepEqual([each.PackageIdentifier, each.PackageVersion], ['kafka-kt.kt', version]);
  assert.deepEqual(
    all.map((each) => each.ManifestType),
    ['version', 'installer', 'defaultLocale'],
  );
  assert.equal(all[1].NestedInstallerFiles[0].RelativeFilePath, 'kt-windows-x64\\bin\\kt.exe');
  assert.ok(all[2].ShortDescription.length <= 256);
});

test('PKGBUILD keeps makepkg from stripping, and packages the tree of an archive', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kt-aur-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'PKGBUILD'), text('aur/PKGBUILD'));
  const tree = join(folder, 'src/kt-linux-x64');
  for (const part of ['bin', 'share/licenses/kt']) mkdirSync(join(tree, part), { recursive: true });
  for (const file of ['bin/kt', 'share/licenses/kt/LICENSE']) writeFileSync(join(tree, file), '');
  const said = execFileSync(
    'bash',
    [
      '-euc',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's
      '. ./PKGBUILD; srcdir=$PWD/src pkgdir=$PWD/pkg; mkdir pkg; package; echo "$pkgver|${options[*]}|${#sha256sums_x86_64[0]}|${source_aarch64[0]}"',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  assert.equal(said, `${version}|!strip !debug|64|kt-${version}-aarch64.tar.gz::${downloads}/kt-linux-arm64.tar.gz\n`);
  assert.ok(
    existsSync(join(folder, 'pkg/usr/bin/kt')) && existsSync(join(folder, 'pkg/usr/share/licenses/kt-kafka-bin/LICENSE')),
  );
  const info = text('aur/.SRCINFO');
  for (const sum of [sums.get('kt-linux-x64.tar.gz'), sums.get('kt-linux-arm64.tar.gz')])
    assert.ok(info.includes(` = ${sum}\n`));
});

test('SHA256SUMS is what sha256sum reads', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kt-sums-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['b', 'a']) writeFileSync(join(folder, name), name);
  mkdirSync(join(folder, 'manifests'));
  assert.deepEqual([...writeChecksums(folder).keys()], ['a', 'b']);
  assert.equal(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' }), 'a: OK\nb: OK\n');
  assert.equal(readFileSync(join(folder, 'SHA256SUMS'), 'utf8').split('\n').length, 3);
});
