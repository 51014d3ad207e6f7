/** The platforms that kt is built for. */

export interface Platform {
  /** In the names of files: `kt-NAME.tar.gz`. */
  readonly name: string;
  /** The npm package with Bun's runtime for it. */
  readonly runtime: string;
  readonly format: 'ELF' | 'Mach-O' | 'PE';
  readonly machine: 'x64' | 'arm64';
  readonly archive: 'tar.gz' | 'zip';
  /** The architecture of its .deb and .rpm, in Go's words; absent where it has none. */
  readonly packages?: 'amd64' | 'arm64';
}

export const platforms: readonly Platform[] = [
  {
    name: 'linux-x64',
    runtime: '@oven/bun-linux-x64',
    format: 'ELF',
    machine: 'x64',
    archive: 'tar.gz',
    packages: 'amd64',
  },
  {
    name: 'linux-arm64',
    runtime: '@oven/bun-linux-aarch64',
    format: 'ELF',
    machine: 'arm64',
    archive: 'tar.gz',
    packages: 'arm64',
  },
  { name: 'linux-x64-musl', runtime: '@oven/bun-linux-x64-musl', format: 'ELF', machine: 'x64', archive: 'tar.gz' },
  { name: 'macos-arm64', runtime: '@oven/bun-darwin-aarch64', format: 'Mach-O', machine: 'arm64', archive: 'tar.gz' },
  { name: 'macos-x64', runtime: '@oven/bun-darwin-x64', format: 'Mach-O', machine: 'x64', archive: 'tar.gz' },
  { name: 'windows-x64', runtime: '@oven/bun-windows-x64', format: 'PE', machine: 'x64', archive: 'zip' },
];

export function archiveOf({ name, archive }: Platform): string {
  return `kt-${name}.${archive}`;
}

/** The program's file name. */
export function programOf({ format }: Pick<Platform, 'format'>): string {
  return format === 'PE' ? 'kt.exe' : 'kt';
}

/** The platform of this machine, whose programs can be tried here; absent on a machine that no release is made for. */
export function thisPlatform(): Platform | undefined {
  const systems: Record<string, string> = { linux: 'linux', darwin: 'macos', win32: 'windows' };
  return platforms.find(({ name }) => name === `${systems[process.platform]}-${process.arch}`);
}
