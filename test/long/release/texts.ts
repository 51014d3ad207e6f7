/** What other tools say of a release's texts: manifests, scripts, the workflow. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { platforms } from '../../../scripts/release/platforms.ts';
import { sha256 } from '../../support/releases.ts';
import { file, root, run, story } from './stories.ts';

/** Of the Go module github.com/rhysd/actionlint. */
const actionlint = 'v1.7.12';

/** @param folder for what is written on the way */
export async function checkTexts(folder: string): Promise<void> {
  await story('checksums, and the fields of packages for another processor', () => {
    run('sha256sum', '--check', '--quiet', 'SHA256SUMS');
    const sums = readFileSync(file('SHA256SUMS'), 'utf8');
    assert.equal(sums.split('\n').length, platforms.length + 4 + 3 + 1);
    const hash = JSON.parse(readFileSync(file('manifests/scoop/kt.json'), 'utf8')).architecture['64bit'].hash;
    assert.equal(hash, sha256(readFileSync(file('kt-windows-x64.zip'))));
    assert.ok(sums.includes(`${hash}  kt-windows-x64.zip\n`));
    assert.match(run('dpkg-deb', '--field', file('kt-linux-arm64.deb'), 'Architecture'), /^arm64$/m);
    assert.match(run('rpm', '-qp', '--queryformat', '%{ARCH} %{REQUIRENAME}', file('kt-linux-arm64.rpm')), /^aarch64 glibc/);
  });
  await story("Homebrew's formula is Ruby, and names a file for each system and processor", () => checkFormula());
  await story('makepkg reads from PKGBUILD what .SRCINFO says', () => checkPkgbuild(folder));
  await story('shellcheck finds nothing in the scripts, and actionlint nothing in the workflow', () => {
    const scripts = ['scripts/release/prerequisites.sh', 'test/elsewhere/try.sh', 'test/elsewhere/broker.sh'];
    run('shellcheck', 'install.sh', ...scripts.map((script) => join(root, script)));
    run('go', 'run', `github.com/rhysd/actionlint/cmd/actionlint@${actionlint}`, join(root, '.github/workflows/release.yml'));
  });
}

/** A Formula of our own takes the place of Homebrew's, and says which archive is for whom. */
const formulas = `
class Formula
  class << self
    %w[desc homepage version license sha256 test].each { |name| define_method(name) { |*_, &_block| } }
    %w[on_macos on_linux on_arm on_intel].each { |name| define_method(name) { |&block| (@within ||= []).push(name); block.call; @within.pop } }
    def url(address) = puts((@within + [File.basename(address)]).join(' '))
  end
end
load ARGV[0]
abort 'no install' unless Kt.method_defined?(:install)
`;

function checkFormula(): void {
  assert.equal(
    run('ruby', '-W0', '-e', formulas, file('manifests/homebrew/kt.rb')),
    `on_macos on_arm kt-macos-arm64.tar.gz
on_macos on_intel kt-macos-x64.tar.gz
on_linux on_arm kt-linux-arm64.tar.gz
on_linux on_intel kt-linux-x64.tar.gz
`,
  );
}

/** makepkg refuses to run as root. */
function checkPkgbuild(folder: string): void {
  const copy = mkdtempSync(join(folder, 'aur-'));
  cpSync(file('manifests/aur'), copy, { recursive: true });
  chmodSync(folder, 0o755);
  chmodSync(copy, 0o777);
  const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const [program, ...args] = [...asNobody, 'makepkg', '--printsrcinfo'];
  // It wants a pacman, though not for this.
  const env = { ...process.env, HOME: copy, PACMAN: 'true' };
  const printed = execFileSync(program!, args, { encoding: 'utf8', cwd: copy, env });
  assert.equal(printed, readFileSync(join(copy, '.SRCINFO'), 'utf8'));
  // makepkg reads the variables that are only set here, and sets those that are only read.
  run('shellcheck', '--shell=bash', '--exclude=SC2034,SC2154', file('manifests/aur/PKGBUILD'));
}
