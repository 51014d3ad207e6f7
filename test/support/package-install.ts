/** Installs kt's npm package on a bare machine that has Node beside it, and removes it again: what npm leaves behind fails. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BareMachine } from './bare-machine.ts';
import { assertInstalled } from './installed.ts';

/** @param tarball as `npm pack` makes it */
export async function assertNpmPackage(
  machine: BareMachine,
  tarball: string,
  cluster: { readonly bootstrapServers: string; readonly topic: string },
): Promise<void> {
  const prefix = join(machine.home, 'npm');
  const npm = (...args: string[]) =>
    execFileSync('npm', [...args, '--global', `--prefix=${prefix}`, '--silent'], { stdio: 'pipe' });
  npm('install', '--prefer-offline', tarball);
  const node = join(machine.home, 'node');
  mkdirSync(node);
  symlinkSync(process.execPath, join(node, 'node'));
  await assertInstalled(machine, prefix, { ...cluster, paths: [node] });
  npm('uninstall', 'kafka-kt');
  assert.deepEqual(
    machine.files().filter((file) => dirname(file) !== 'node'),
    [],
  );
}
