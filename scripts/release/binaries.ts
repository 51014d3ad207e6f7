/** kt's program for each platform, compiled here and checked to be what it should be. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExecutable } from './executable.ts';
import { type Platform, programOf } from './platforms.ts';
import { root, version } from './project.ts';
import { run } from './run.ts';
import { fetchRuntime } from './runtimes.ts';
import { signMachO } from './sign-mach-o.ts';
import { checkSignature } from './signature.ts';

/** @returns the path of the program, made anew @throws if it is not for the platform, or is Bun without kt */
export async function buildBinary(platform: Platform): Promise<string> {
  const runtime = await fetchRuntime(platform);
  const binary = join(root, 'dist', `kt-${platform.name}${programOf(platform).slice('kt'.length)}`);
  rmSync(binary, { force: true });
  await run(process.execPath, ['scripts/build.mjs', `--platform=${platform.name}`, `--runtime=${runtime}`]);
  if (platform.format === 'Mach-O' && platform.machine === 'x64') writeFileSync(binary, signMachO(readFileSync(binary)));
  checkBinary(platform, readFileSync(binary));
  return binary;
}

/** @throws if these bytes are not kt for the platform */
export function checkBinary({ name, format, machine }: Pick<Platform, 'name' | 'format' | 'machine'>, bytes: Buffer): void {
  const executable = readExecutable(bytes);
  const wrong = (what: string) => new Error(`the program for ${name} ${what}`);
  if (executable.format !== format || executable.machine !== machine) {
    throw wrong(`is a ${executable.format} for ${executable.machine}`);
  }
  if (format === 'ELF' && executable.loader?.includes('musl') !== name.endsWith('-musl')) {
    throw wrong(`is loaded by ${executable.loader}`);
  }
  if (format === 'PE' && !executable.isConsole) throw wrong('is no console program');
  if (format === 'Mach-O') {
    if (!executable.signature) throw wrong('has no signature');
    checkSignature(bytes, executable.signature);
  }
  // Whatever strips a program leaves plain Bun, which runs and prints its own version.
  if (!bytes.includes('kt is under the Apache License')) throw wrong('is Bun without kt: something stripped it');
  if (bytes.includes(root)) throw wrong('has the path of the folder where it was built');
  if (!bytes.includes(JSON.stringify(version))) throw wrong(`is not kt ${version}`);
}
