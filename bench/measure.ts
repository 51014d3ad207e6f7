/** A whole process, measured: wall-clock time, CPU time and peak memory. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { workDirectory } from './work.ts';

/** What is run: a program, where its input comes from and where its output goes. */
export interface Program {
  readonly command: readonly string[];
  readonly stdin?: string | undefined;
  readonly output: string;
}

export interface Timing {
  readonly wallMs: number;
  /** User and system together. */
  readonly cpuMs: number;
}

export interface Watched {
  /** Of the resident memory, in bytes. */
  readonly peak: number;
  readonly timing: Timing | undefined;
}

const gnuTime = '/usr/bin/time';
const factsFile = join(workDirectory, 'facts');
const errorFile = join(workDirectory, 'stderr');

/** Bash times the program right at the fork, so that the time this process takes to start it and notice its end does not count. */
const stopwatch = `TIMEFORMAT='%3U %3S'
exec 3>"$1" 4>&2
shift
start=$EPOCHREALTIME
{ time "$@" 2>&4 3>&-; } 2>&3
code=$?
echo "$start $EPOCHREALTIME" >&3
exit $code`;

/** Times a run. @throws with the program's stderr when it fails */
export async function timed({ command, ...files }: Program): Promise<Timing> {
  await run({ command: ['bash', '-c', stopwatch, 'bash', factsFile, ...command], ...files });
  const [user = 0, system = 0, start = 0, end = 0] = readFileSync(factsFile, 'utf8').trim().split(/\s+/).map(Number);
  if (!(start > 0)) throw new Error('bash has no EPOCHREALTIME (it is older than 5.0)');
  return { wallMs: (end - start) * 1000, cpuMs: (user + system) * 1000 };
}

/** Runs and watches the memory; times to 10 ms. Without GNU time there are no times. */
export async function watched(program: Program): Promise<Watched> {
  if (!existsSync(gnuTime)) return { peak: await run(program), timing: undefined };
  await run({ ...program, command: [gnuTime, '-f', '%M %e %U %S', '-o', factsFile, ...program.command] });
  const [kib = 0, wall = 0, user = 0, system = 0] = readFileSync(factsFile, 'utf8').trim().split(' ').map(Number);
  return { peak: kib * 1024, timing: { wallMs: wall * 1000, cpuMs: (user + system) * 1000 } };
}

/** Runs to the end; resolves with the last high-water mark seen in /proc, 0 without /proc. */
async function run({ command, stdin, output }: Program): Promise<number> {
  const [program = '', ...args] = command;
  const files = [openSync(stdin ?? '/dev/null', 'r'), openSync(output, 'w'), openSync(errorFile, 'w')];
  try {
    const child = spawn(program, args, { stdio: files, env: environment() });
    let running = true;
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    }).finally(() => {
      running = false;
    });
    const watch = program === 'bash' || program === gnuTime ? Promise.resolve(0) : watchMemory(child.pid, () => running);
    const [code, peak] = await Promise.all([ended, watch]);
    if (code === 0) return peak;
    throw new Error(`${command.join(' ')} ended with ${code}: ${readFileSync(errorFile, 'utf8').slice(0, 2000)}`);
  } finally {
    for (const file of files) closeSync(file);
  }
}

async function watchMemory(pid: number | undefined, running: () => boolean): Promise<number> {
  let peak = 0;
  while (running()) {
    try {
      const kib = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      peak = Math.max(peak, Number(kib ?? 0) * 1024);
    } catch {
      return peak;
    }
    await wait(5);
  }
  return peak;
}

/** No program may read or write the settings of the person who runs this. Extra certificates are left out: they cost Node 20 50 ms per start. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^KT_|^NODE_|^(NO|FORCE)_COLOR$/.test(name));
  return { ...Object.fromEntries(kept), HOME: workDirectory, XDG_CONFIG_HOME: workDirectory };
}
