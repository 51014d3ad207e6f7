/**
 * `npm run release`: builds all that a release of this version consists of into dist/release.
 *
 *   --platform NAME       only for this platform, such as linux-x64; may be given more than once
 *   --check-reproducible  builds everything twice, and fails if two files differ
 *
 * SOURCE_DATE_EPOCH is the time of all that carries one; without it, the time of the last commit.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildRelease } from './release/build-release.ts';
import { checksumsFile } from './release/checksums.ts';
import { type Platform, platforms } from './release/platforms.ts';
import { cache, root, version } from './release/project.ts';
import { run } from './release/run.ts';

const { values } = parseArgs({
  options: { platform: { type: 'string', multiple: true }, 'check-reproducible': { type: 'boolean' } },
});

/** @throws for a name that no release has */
function chosenPlatforms(names: readonly string[]): readonly Platform[] {
  const known = platforms.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no platform ${unknown} (${known.join(', ')})`);
  return platforms.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Seconds since 1970. */
async function releaseTime(): Promise<number> {
  const given = process.env['SOURCE_DATE_EPOCH'];
  const time = Number(given ?? (await run('git', ['log', '-1', '--format=%ct'])));
  if (!Number.isInteger(time) || time < 0) throw new Error(`SOURCE_DATE_EPOCH is ${given}, no number of seconds`);
  return time;
}

async function main(): Promise<void> {
  // Packages hold the rights of folders.
  process.umask(0o022);
  const out = join(root, 'dist/release');
  const release = { platforms: chosenPlatforms(values.platform ?? []), out, time: await releaseTime(), note: console.log };
  await buildRelease(release);
  if (values['check-reproducible']) {
    const again = join(cache, 'again');
    await buildRelease({ ...release, out: again, note: () => {} });
    const [first, second] = [out, again].map((folder) =>
      readFileSync(join(folder, checksumsFile), 'utf8').trimEnd().split('\n'),
    );
    const differing = first!.filter((line) => !second!.includes(line)).map((line) => line.split('  ')[1]);
    if (differing.length > 0) throw new Error(`built twice, these files differ: ${differing.join(', ')}`);
    console.log(`built twice: the same ${first!.length} files`);
  }
  console.log(`kt ${version} is in ${out}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
