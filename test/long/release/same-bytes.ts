/** Whoever builds a release, wherever and whenever, gets the same bytes. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pack } from '../../../scripts/release/archives.ts';
import { makePackages } from '../../../scripts/release/packages.ts';
import { platforms, programOf } from '../../../scripts/release/platforms.ts';
import { run as runHere } from '../../../scripts/release/run.ts';
import { makeSbom } from '../../../scripts/release/sbom.ts';
import { layTree } from '../../../scripts/release/tree.ts';
import { sha256 } from '../../support/releases.ts';
import { root, story } from './stories.ts';

/** Of the release, in seconds since 1970. */
const time = 1_700_000_000;

interface Circumstances {
  /** A folder that is not there yet. */
  readonly folder: string;
  /** The program in the packages; `builtElsewhere` compiles a real one. */
  readonly program: string;
  /** When that was written, in seconds since 1970. */
  readonly written: number;
  readonly zone: string;
}

/** @returns the SHA-256 of every file by its name: archives, packages, the npm package and the SBOM */
async function made({ folder, program, written, zone }: Circumstances): Promise<ReadonlyMap<string, string>> {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    const out = join(folder, 'out');
    mkdirSync(out, { recursive: true });
    const files: string[] = [];
    for (const platform of platforms.filter(({ name }) => name === 'linux-x64' || name === 'windows-x64')) {
      const binary = join(folder, programOf(platform));
      writeFileSync(binary, program);
      utimesSync(binary, written, written);
      const tree = join(folder, `kt-${platform.name}`);
      await layTree(platform, binary, tree, time);
      files.push(await pack(platform, tree, out, time), ...(await makePackages(platform, tree, out, time)));
    }
    const packed = await runHere('npm', ['pack', `--pack-destination=${out}`, '--silent']);
    files.push(join(out, packed.trim()));
    const sums = files.map((path) => [basename(path), sha256(readFileSync(path))] as const);
    return new Map([...sums, ['kt.cdx.json', sha256(Buffer.from(JSON.stringify(await makeSbom(time))))]]);
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
}

/** @returns the SHA-256 of every file that a build puts into dist, by its name */
function built(from: string): ReadonlyMap<string, string> {
  const dist = join(from, 'dist');
  const isBuilt = (name: string) => /^kt$|\.js$|^THIRD-PARTY-LICENSES\.txt$/.test(name);
  return new Map(
    readdirSync(dist)
      .filter(isBuilt)
      .map((name) => [name, sha256(readFileSync(join(dist, name)))]),
  );
}

/** Builds kt from a copy of its sources and of the packages in it. */
async function builtElsewhere(folder: string): Promise<ReadonlyMap<string, string>> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const contained = Object.keys(packages).filter((path) => path !== '' && !packages[path].dev);
  const sources = ['src', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE'];
  for (const path of [...sources, ...contained]) cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, 'node_modules/bun'), join(folder, 'node_modules/bun'));
  await runHere(process.execPath, ['scripts/build.mjs'], { cwd: folder });
  return built(folder);
}

/** @param folder for what is written on the way */
export async function sameBytes(folder: string): Promise<void> {
  await story('made twice, in another folder, time and time zone: the same bytes', async () => {
    const first = await made({ folder: join(folder, 'one'), program: 'kt', written: 1_600_000_000, zone: 'UTC' });
    const again = { folder: join(folder, 'a second one'), written: 1_750_000_000, zone: 'Pacific/Auckland' };
    assert.deepEqual(await made({ ...again, program: 'kt' }), first);
    assert.equal(first.size, 6);
    const other = await made({ ...again, folder: join(folder, 'three'), program: 'tk' });
    const differing = [...other].filter(([name, sum]) => sum !== first.get(name)).map(([name]) => name);
    assert.deepEqual(differing.sort(), ['kt-linux-x64.deb', 'kt-linux-x64.rpm', 'kt-linux-x64.tar.gz', 'kt-windows-x64.zip']);
  });
  await story('the binary and the package’s code, built in another folder: the same bytes', async () => {
    const here = built(root);
    assert.ok(here.has('kt') && here.has('main.js'));
    const there = await builtElsewhere(join(folder, 'deep/er', 'a fourth one'));
    const names = new Set([...here.keys(), ...there.keys()]);
    assert.deepEqual(
      [...names].filter((name) => here.get(name) !== there.get(name)),
      [],
    );
  });
}
