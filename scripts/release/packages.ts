/** The .deb and the .rpm: the same tree as in the archives, below /usr, with what each of the two wants besides. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { nfpmProgram } from './nfpm.ts';
import type { Platform } from './platforms.ts';
import { cache, license, owner, repository, root, synopsis, version } from './project.ts';
import { run } from './run.ts';
import { filesIn } from './tree.ts';

type Format = 'deb' | 'rpm';
const formats: readonly Format[] = ['deb', 'rpm'];

interface Content {
  readonly src: string;
  readonly dst: string;
  readonly packager?: Format;
  readonly type?: 'license';
  readonly file_info?: { readonly mode: number; readonly mtime: string };
}

/** Where a file of the tree goes, if not to the same place below /usr; undefined if it is left out. */
const places: Record<Format, (file: string) => string | undefined> = {
  deb: (file) => {
    if (file.startsWith('share/licenses/')) return file.endsWith('/LICENSE') ? undefined : file.replace('licenses', 'doc');
    // Its changelog is compressed, under another name.
    if (file.endsWith('/CHANGELOG.md')) return undefined;
    return file.replace('zsh/site-functions', 'zsh/vendor-completions');
  },
  rpm: (file) => file,
};

/** All that Debian's policy asks of a package and a program that nobody may strip cannot give, or that Bun links in. */
const lintianOverrides = ['unstripped-binary-or-object', 'embedded-library', 'hardening-no-pie', 'hardening-no-relro'];

/** Machine-readable debian/copyright. */
function copyright(): string {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: kt
Source: ${repository}
Comment: The licences of all that kt contains and did not write are in
 /usr/share/doc/kt/THIRD-PARTY-LICENSES.txt, and printed by "kt --licenses".

Files: *
Copyright: The authors of kt
License: ${license}
 On Debian systems, the full text of the Apache License, Version 2.0 is in
 /usr/share/common-licenses/Apache-2.0.
`;
}

/** Files that only the .deb has: written into the folder, which is made anew. */
async function debianFiles(folder: string, time: number): Promise<readonly Content[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const changelog = join(folder, 'changelog');
  copyFileSync(join(root, 'CHANGELOG.md'), changelog);
  await run('gzip', ['-9n', changelog]);
  writeFileSync(join(folder, 'copyright'), copyright());
  writeFileSync(join(folder, 'overrides'), `${lintianOverrides.map((tag) => `kt: ${tag}`).join('\n')}\n`);
  const of = (name: string, dst: string) => ({
    src: join(folder, name),
    dst,
    packager: 'deb' as const,
    file_info: { mode: 0o644, mtime: new Date(time * 1000).toISOString() },
  });
  return [
    of('changelog.gz', '/usr/share/doc/kt/changelog.gz'),
    of('copyright', '/usr/share/doc/kt/copyright'),
    of('overrides', '/usr/share/lintian/overrides/kt'),
  ];
}

function contentsOf(tree: string, format: Format): readonly Content[] {
  return filesIn(tree).flatMap((file) => {
    const place = places[format](file);
    if (place === undefined) return [];
    const isLicense = format === 'rpm' && place.startsWith('share/licenses/');
    return [{ src: join(tree, file), dst: `/usr/${place}`, packager: format, ...(isLicense && { type: 'license' as const }) }];
  });
}

/**
 * @param tree as `layTree` makes it
 * @param time of all that has one, in seconds since 1970
 * @returns the paths of the packages; none for a platform without
 */
export async function makePackages(platform: Platform, tree: string, out: string, time: number): Promise<readonly string[]> {
  if (!platform.packages) return [];
  const nfpm = await nfpmProgram();
  const work = join(cache, `packages-${platform.name}`);
  const config = {
    name: 'kt',
    arch: platform.packages,
    version,
    maintainer: `The authors of kt <${owner}@users.noreply.github.com>`,
    description: `${synopsis}\nIt lists, creates and changes topics, reads and writes records in many formats, and\nchecks groups, lag and the health of a cluster; it needs neither Java nor Node.`,
    vendor: 'The authors of kt',
    homepage: repository,
    license,
    section: 'utils',
    priority: 'optional',
    mtime: new Date(time * 1000).toISOString(),
    disable_globbing: true,
    contents: [...(await debianFiles(work, time)), ...formats.flatMap((format) => contentsOf(tree, format))],
    deb: { compression: 'none' },
    rpm: { compression: 'zstd:19', buildhost: 'localhost', summary: synopsis },
    overrides: { deb: { depends: ['libc6 (>= 2.17)'] }, rpm: { depends: ['glibc >= 2.17'] } },
  };
  const file = join(work, 'nfpm.yaml');
  writeFileSync(file, stringify(config));
  const made = (format: Format) => join(out, `kt-${platform.name}.${format}`);
  const env = { SOURCE_DATE_EPOCH: String(time) };
  for (const format of formats) {
    await run(nfpm, ['package', `--config=${file}`, `--packager=${format}`, `--target=${made(format)}`], { env });
  }
  await compressDeb(made('deb'), join(work, 'deb'), env);
  return formats.map(made);
}

/**
 * With xz, since neither Debian 11's dpkg nor Debian 12's lintian reads zstd; by dpkg-deb, since nFPM's own xz saves no more than gzip.
 *
 * @param folder for what is in it; removed again
 */
async function compressDeb(file: string, folder: string, env: Readonly<Record<string, string>>): Promise<void> {
  await run('dpkg-deb', ['--raw-extract', file, folder]);
  await run('dpkg-deb', ['--root-owner-group', '--threads-max=2', '-Zxz', '--build', folder, file], { env });
  rmSync(folder, { recursive: true });
}
