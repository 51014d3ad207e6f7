/** nFPM, which makes .deb and .rpm: built from the Go module of nfpm/go.mod, whose hashes are in go.sum beside it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './project.ts';
import { run } from './run.ts';

const module = join(import.meta.dirname, 'nfpm');

/** @returns the path of its program, built if this version was not yet @throws if it cannot be built: without Go 1.25 or newer */
export async function nfpmProgram(): Promise<string> {
  const version = createHash('sha256')
    .update(readFileSync(join(module, 'go.sum')))
    .digest('hex');
  const program = join(cache, `nfpm-${version.slice(0, 12)}`);
  if (existsSync(program)) return program;
  const flags = ['-mod=readonly', '-trimpath', '-ldflags=-s -w'];
  await run('go', ['build', ...flags, '-o', program, 'github.com/goreleaser/nfpm/v2/cmd/nfpm'], {
    cwd: module,
    env: { CGO_ENABLED: '0' },
  });
  return program;
}
