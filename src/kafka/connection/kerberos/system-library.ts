/** Where the system keeps its GSS-API library. It is named whole: for a bare name Bun would look in the folder where kt runs, too. */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { NoTicket } from './no-ticket.ts';

const name = 'libgssapi_krb5.so.2';
/** Apple's, which is in the system's cache of libraries and in no folder. */
const apples = '/System/Library/Frameworks/GSS.framework/GSS';
/** Debian's name of the processor. */
const debianProcessors: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'x86_64', arm64: 'aarch64' };

/** What kt runs on; by default, what it does. */
export interface Runtime {
  readonly platform: NodeJS.Platform;
  readonly arch: NodeJS.Architecture;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether it can call a library: only Bun, in the binary, can. */
  readonly calls: boolean;
  exists(path: string): boolean;
}

function here(): Runtime {
  const { platform, arch, env, versions } = process;
  return { platform, arch, env, calls: versions['bun'] !== undefined, exists: existsSync };
}

/** @throws NoTicket where there is none that can be called */
export function systemLibrary({ platform, arch, env, calls, exists }: Runtime = here()): string {
  if (!calls) throw new NoTicket("GSSAPI needs the system's Kerberos library, which Node cannot call", 'use the binary of kt');
  if (platform === 'darwin') return apples;
  if (platform !== 'linux') {
    throw new NoTicket(
      'GSSAPI is spoken on Linux and macOS only',
      'use another listener, or the binary of kt for Linux, in WSL',
    );
  }
  const processor = debianProcessors[arch];
  const named = (env['LD_LIBRARY_PATH'] ?? '').split(':').filter(isAbsolute);
  const debian = processor === undefined ? [] : [`/usr/lib/${processor}-linux-gnu`];
  const folders = [...named, ...debian, '/usr/lib64', '/usr/lib', '/lib64', '/lib', '/usr/local/lib'];
  const found = folders.map((folder) => join(folder, name)).find(exists);
  if (found !== undefined) return found;
  throw new NoTicket(
    `the system's Kerberos library is not there: no ${name} in ${folders.join(', ')}`,
    'install it: libgssapi-krb5-2 (Debian, Ubuntu), krb5-libs (Fedora, RHEL, Alpine), krb5 (Arch); or name its folder in LD_LIBRARY_PATH',
  );
}
