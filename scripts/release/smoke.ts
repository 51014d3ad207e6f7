/** Unpacks each package of this machine's platform and runs the kt in it: a program that something stripped is Bun, and looks well otherwise. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { version } from './project.ts';
import { run } from './run.ts';

/** How a package is unpacked into a folder, and where kt then is, by the end of its name; of the kinds that run on Linux. */
const kinds: readonly {
  readonly end: string;
  readonly unpack: (file: string, folder: string) => readonly string[];
  readonly program: string;
}[] = [
  { end: '.tar.gz', unpack: (file, folder) => ['tar', '-xzf', file, '-C', folder, '--strip-components=1'], program: 'bin/kt' },
  { end: '.deb', unpack: (file, folder) => ['dpkg-deb', '-x', file, folder], program: 'usr/bin/kt' },
  {
    end: '.rpm',
    // nFPM's paths are absolute: as they are, they would be unpacked into this machine's own /usr.
    unpack: (file, folder) => [
      'sh',
      '-c',
      'cd "$2" && rpm2cpio "$1" | cpio -idm --quiet --no-absolute-filenames',
      'sh',
      file,
      folder,
    ],
    program: 'usr/bin/kt',
  },
];

/** @throws if the kt in the package does not say that it is this version */
export async function smoke(file: string): Promise<void> {
  const kind = kinds.find(({ end }) => file.endsWith(end));
  if (!kind) throw new Error(`nothing is known of packages such as ${basename(file)}`);
  const folder = mkdtempSync(join(tmpdir(), 'kt-smoke-'));
  try {
    const [program, ...args] = kind.unpack(file, folder);
    await run(program!, args);
    const said = (await run(join(folder, kind.program), ['--version'], { cwd: folder })).trim();
    if (said !== `kt ${version}`) throw new Error(`kt --version in ${basename(file)} prints "${said}"`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
