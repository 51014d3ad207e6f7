/** A machine without Node and Bun, to install kt on: a folder for everything, and a PATH with nothing but the named tools. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeOf } from './outcome.ts';

/** What every system has, and what `man` runs. */
const ordinary = [
  ...['sh', 'bash', 'env', 'uname', 'cat', 'cut', 'awk', 'grep', 'sed', 'find', 'head', 'sleep', 'dirname', 'basename'],
  ...['mkdir', 'cp', 'mv', 'rm', 'rmdir', 'mktemp', 'tar', 'gzip', 'unzip', 'sha256sum', 'ldd'],
  ...['man', 'manpath', 'groff', 'troff', 'grotty', 'tbl', 'nroff', 'preconv', 'zcat', 'col', 'locale'],
] as const;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BareMachine {
  /** A home without anything in it. */
  readonly home: string;
  /** Runs a program that its PATH finds; `paths` come first in it. */
  run(command: readonly string[], options?: { readonly paths?: readonly string[]; readonly stdin?: string }): Promise<Ended>;
  /** A program of the machine's own, a script for sh: in place of an ordinary one of the name. */
  put(name: string, script: string): void;
  /** Takes a tool away. */
  lack(name: string): void;
  /** All files below the home, sorted. */
  files(): string[];
}

/** @param more tools that it has besides the ordinary ones: `curl`, `wget` */
export function bareMachine(during: { after(end: () => unknown): void }, more: readonly string[] = []): BareMachine {
  const folder = mkdtempSync(join(tmpdir(), 'kt-machine-'));
  during.after(() => rmSync(folder, { recursive: true, force: true }));
  const [home, tools] = [join(folder, 'home'), join(folder, 'tools')];
  for (const each of [home, tools]) mkdirSync(each);
  // man drops its rights.
  for (const each of [folder, home, tools]) chmodSync(each, 0o755);
  for (const name of [...ordinary, ...more]) symlinkSync(join('/usr/bin', name), join(tools, name));
  return {
    home,
    async run([program, ...args], { paths = [], stdin = '' } = {}) {
      const child = spawn(program!, args, {
        cwd: home,
        env: {
          HOME: home,
          PATH: [...paths, tools].join(':'),
          TMPDIR: folder,
          LC_ALL: 'C.UTF-8',
          MANPAGER: 'cat',
          MANWIDTH: '100',
        },
      });
      const { code, stdout, stderr } = await outcomeOf(child, stdin);
      return { code, stdout: stdout.toString(), stderr: stderr.toString() };
    },
    put(name, script) {
      rmSync(join(tools, name), { force: true });
      writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    },
    lack: (name) => rmSync(join(tools, name)),
    files: () =>
      readdirSync(home, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1))
        .sort(),
  };
}
