/** Archives with the same bytes from the same files: sorted, owned by root, of one time. */
import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { archiveOf, type Platform } from './platforms.ts';
import { run } from './run.ts';
import { filesIn } from './tree.ts';

/**
 * @param tree the folder that is packed, by its name; all in it has the time of the release already
 * @param out the folder that the archive is written to
 * @param time of what is in it, in seconds since 1970
 * @returns the archive's path
 */
export async function pack(platform: Platform, tree: string, out: string, time: number): Promise<string> {
  const archive = join(out, archiveOf(platform));
  const [cwd, name] = [dirname(tree), basename(tree)];
  rmSync(archive, { force: true });
  if (platform.archive === 'zip') {
    // A zip has local times: without TZ they would depend on the machine.
    const names = filesIn(tree).map((file) => join(name, file));
    await run('zip', ['-9', '-q', '-X', '-@', archive], { cwd, env: { TZ: 'UTC' }, stdin: names.join('\n') });
    return archive;
  }
  const tar = archive.slice(0, -'.gz'.length);
  const reproducible = ['--sort=name', `--mtime=@${time}`, '--owner=0', '--group=0', '--numeric-owner', '--format=ustar'];
  await run('tar', [...reproducible, '-cf', tar, name], { cwd });
  await run('gzip', ['-9nf', tar]);
  return archive;
}
