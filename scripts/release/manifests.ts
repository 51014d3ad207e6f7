/** What other package managers are given: generated with the release's checksums, each in a folder of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Checksums } from './checksums.ts';
import { pkgbuild, srcinfo } from './manifests/aur.ts';
import { formula } from './manifests/homebrew.ts';
import { scoopManifest } from './manifests/scoop.ts';
import { wingetManifests } from './manifests/winget.ts';

/** @returns the texts of all manifests by their paths @throws if the release lacks one of the files that they name */
export function manifests(sums: Checksums): ReadonlyMap<string, string> {
  return new Map([
    ['homebrew/kt.rb', formula(sums)],
    ['scoop/kt.json', scoopManifest(sums)],
    ...[...wingetManifests(sums)].map(([name, text]) => [`winget/${name}`, text] as const),
    ['aur/PKGBUILD', pkgbuild(sums)],
    ['aur/.SRCINFO', srcinfo(sums)],
  ]);
}

/** @param folder gets the manifests, by their paths */
export function writeManifests(folder: string, sums: Checksums): void {
  for (const [path, text] of manifests(sums)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
