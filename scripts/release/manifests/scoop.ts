/** The manifest of kt's own scoop bucket: `scoop install kt`. */
import { type Checksums, checksumsFile, sumOf } from '../checksums.ts';
import { downloads, license, repository, summary, version } from '../project.ts';

const archive = 'kt-windows-x64.zip';

/** @returns the text of bucket/kt.json */
export function scoopManifest(sums: Checksums): string {
  const manifest = {
    version,
    description: summary,
    homepage: repository,
    license,
    architecture: { '64bit': { url: `${downloads}/${archive}`, hash: sumOf(sums, archive) } },
    extract_dir: 'kt-windows-x64',
    bin: 'bin\\kt.exe',
    checkver: { github: repository },
    autoupdate: {
      architecture: { '64bit': { url: `${repository}/releases/download/v$version/${archive}` } },
      hash: { url: `$baseurl/${checksumsFile}` },
    },
  };
  return `${JSON.stringify(manifest, null, 4)}\n`;
}
