/** Tries programs with test/elsewhere, on a real Kafka: this machine's, and those for other systems that something here can run. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { version } from '../../support/installed.ts';
import { root, skip, story } from './stories.ts';

interface Way {
  readonly by: string;
  /** Goes before the program in a line for sh. */
  readonly runner: string;
  /** Paths that must be there for it, each with where it comes from. */
  readonly needs?: readonly (readonly [path: string, from: string])[];
}

/** By the platform's name; nothing here runs the others. */
const ways: Readonly<Partial<Record<string, Way>>> = {
  'linux-x64': { by: 'as it is', runner: 'exec' },
  'linux-arm64': {
    by: 'on an emulated processor',
    runner: 'exec qemu-aarch64-static -L /usr/aarch64-linux-gnu',
    needs: [
      ['/usr/bin/qemu-aarch64-static', 'apt-get install qemu-user-static'],
      ['/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1', 'apt-get install libc6-arm64-cross'],
    ],
  },
};

/**
 * @param program its path
 * @param folder for what is written on the way
 */
export async function tryProgram(platform: string, program: string, bootstrapServers: string, folder: string): Promise<void> {
  const way = ways[platform];
  if (!way) return skip(`${platform} with a real Kafka`, 'only the release workflow has such a machine');
  const name = `${platform} with a real Kafka, ${way.by}`;
  const lacking = way.needs?.find(([path]) => !existsSync(path));
  if (lacking) return skip(name, `${lacking[0]} is not here: ${lacking[1]}`);
  const bin = join(folder, `bin-${platform}`);
  mkdirSync(bin);
  writeFileSync(join(bin, 'kt'), `#!/bin/sh\n${way.runner} '${program}' "$@"\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` };
  const tried = (interpreter: string, script: string, ...args: string[]) =>
    execFileSync(interpreter, [join(root, 'test/elsewhere', script), ...args], { env, stdio: 'pipe' });
  await story(name, () => tried('sh', 'try.sh', version, bootstrapServers));
  if (platform === 'linux-x64')
    await story(`${platform} on a terminal`, () => tried('python3', 'terminal.py', bootstrapServers));
}
