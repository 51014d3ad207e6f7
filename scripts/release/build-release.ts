/** Builds a release into a folder: archives, packages for Linux, the npm package, the SBOM, the installer, checksums, and manifests for package managers. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pack } from './archives.ts';
import { buildBinary } from './binaries.ts';
import { type Checksums, writeChecksums } from './checksums.ts';
import { writeManifests } from './manifests.ts';
import { makePackages } from './packages.ts';
import { type Platform, platforms, thisPlatform } from './platforms.ts';
import { cache, root } from './project.ts';
import { run } from './run.ts';
import { makeSbom } from './sbom.ts';
import { smoke } from './smoke.ts';
import { layTree } from './tree.ts';

export interface ReleaseOptions {
  /** Those to build for. Manifests name the files of all, so they are written only if all are built. */
  readonly platforms: readonly Platform[];
  /** Made anew. */
  readonly out: string;
  /** Of all that carries one, in seconds since 1970. */
  readonly time: number;
  /** Is told of each step. */
  readonly note: (step: string) => void;
}

/** @returns the checksums of the release's files @throws if anything cannot be built, or is not what it should be */
export async function buildRelease({ platforms: chosen, out, time, note }: ReleaseOptions): Promise<Checksums> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  // What is there from the same sources would be left as it is, and a second build would compare it with itself.
  for (const made of ['main.js', 'THIRD-PARTY-LICENSES.txt']) rmSync(join(root, 'dist', made), { force: true });
  await run(process.execPath, ['scripts/build.mjs']);
  await run('npm', ['pack', `--pack-destination=${out}`, '--silent']);
  note('npm package');
  writeFileSync(join(out, 'kt.cdx.json'), `${JSON.stringify(await makeSbom(time), null, 2)}\n`);
  copyFileSync(join(root, 'install.sh'), join(out, 'install.sh'));
  for (const platform of chosen) {
    for (const file of await buildFor(platform, out, time)) note(basename(file));
  }
  const sums = writeChecksums(out);
  if (chosen.length === platforms.length) {
    writeManifests(join(out, 'manifests'), sums);
    note('manifests for Homebrew, scoop, winget and the AUR');
  }
  return sums;
}

async function buildFor(platform: Platform, out: string, time: number): Promise<readonly string[]> {
  const binary = await buildBinary(platform);
  const tree = join(cache, 'trees', `kt-${platform.name}`);
  await layTree(platform, binary, tree, time);
  rmSync(binary);
  const files = [await pack(platform, tree, out, time), ...(await makePackages(platform, tree, out, time))];
  rmSync(tree, { recursive: true });
  if (platform === thisPlatform()) await Promise.all(files.map(smoke));
  return files;
}
