/** Bun's runtimes for other platforms: npm packages of the version and with the hash that package-lock.json has. `npm ci` installs only this machine's. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from './platforms.ts';
import { cache, root } from './project.ts';
import { run } from './run.ts';

interface Locked {
  readonly version: string;
  /** `sha512-` and the hash in base64. */
  readonly integrity: string;
}

const locked: Record<string, Locked> = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;

/** @returns the path of the runtime's program @throws if the registry's package is not the one of package-lock.json */
export async function fetchRuntime({ runtime, format }: Platform): Promise<string> {
  const { version, integrity } = locked[`node_modules/${runtime}`]!;
  const folder = join(cache, 'runtimes', `${runtime.replace('@oven/', '')}-${version}`);
  const program = join(folder, 'bin', format === 'PE' ? 'bun.exe' : 'bun');
  if (existsSync(program)) return program;
  const unpacked = `${folder}.new`;
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const packed = await run('npm', ['pack', `${runtime}@${version}`, `--pack-destination=${unpacked}`, '--json'], {
    cwd: unpacked,
  });
  const [{ filename }]: [{ filename: string }] = JSON.parse(packed);
  const file = join(unpacked, filename);
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (found !== integrity)
    throw new Error(`${runtime} ${version} has the hash ${found}, and package-lock.json wants ${integrity}`);
  await run('tar', ['-xzf', file, '-C', unpacked, '--strip-components=1']);
  rmSync(file);
  renameSync(unpacked, folder);
  return program;
}
