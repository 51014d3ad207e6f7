/** A server of releases on the loopback, laid out as GitHub's are. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Releases {
  /** For the installer's --mirror. */
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** Takes a file of a version: its content, or the path of one. It is of the newest release too. */
  add(version: string, name: string, content: Buffer | { readonly path: string }): void;
  /** Writes the version's SHA256SUMS from these hashes by names. */
  sums(version: string, hashes: Readonly<Record<string, string>>): void;
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export async function serveReleases(during: { after(end: () => unknown): void }): Promise<Releases> {
  const files = new Map<string, Buffer | { readonly path: string }>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const file = files.get(request.url!);
    if (file === undefined) response.writeHead(404).end('Not Found');
    else if (Buffer.isBuffer(file)) response.end(file);
    else createReadStream(file.path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  during.after(() => server.close());
  const add: Releases['add'] = (version, name, content) => {
    files.set(`/download/v${version}/${name}`, content);
    files.set(`/latest/download/${name}`, content);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    add,
    sums: (version, hashes) => {
      const lines = Object.entries(hashes).map(([name, hash]) => `${hash}  ${name}\n`);
      add(version, 'SHA256SUMS', Buffer.from(lines.join('')));
    },
  };
}
