/** The files that every package of kt has, laid out as they are installed below a prefix such as /usr/local. */
import { chmodSync, copyFileSync, lutimesSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Platform, programOf } from './platforms.ts';
import { root } from './project.ts';
import { run } from './run.ts';

/** Where each shell looks below a prefix. */
const completions = {
  bash: 'share/bash-completion/completions/kt',
  zsh: 'share/zsh/site-functions/_kt',
  fish: 'share/fish/vendor_completions.d/kt.fish',
  powershell: 'share/pwsh/completions/_kt.ps1',
} as const;

/**
 * Makes the folder anew, with the program, man pages, completions and licences.
 *
 * @param binary kt's program for this platform
 * @param time of every file, in seconds since 1970
 */
export async function layTree(platform: Platform, binary: string, folder: string, time: number): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const put = (from: string, to: string) => {
    const path = join(folder, to);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(from, path);
    chmodSync(path, 0o644);
    return path;
  };
  chmodSync(put(binary, `bin/${programOf(platform)}`), 0o755);
  const pages = readdirSync(join(root, 'man')).map((page) => put(join(root, 'man', page), `share/man/man1/${page}`));
  await run('gzip', ['-9n', ...pages]);
  put(join(root, 'CHANGELOG.md'), 'share/doc/kt/CHANGELOG.md');
  put(join(root, 'LICENSE'), 'share/licenses/kt/LICENSE');
  put(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'share/licenses/kt/THIRD-PARTY-LICENSES.txt');
  for (const [shell, to] of Object.entries(completions)) {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    writeFileSync(join(folder, to), await run(process.execPath, ['bin/kt.js', 'completion', shell]), { mode: 0o644 });
  }
  setTimes(folder, time);
}

/** All files below a folder, sorted, as paths in it. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Gives a folder and all in it one modification time, in seconds since 1970. */
export function setTimes(folder: string, time: number): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) lutimesSync(join(folder, entry), time, time);
  lutimesSync(folder, time, time);
}
