/** How systems differ in what a process can know and do: terminals, and signals. Each function is given the system. */
import { fstatSync, readFileSync, statSync } from 'node:fs';
import { devNull } from 'node:os';

type System = NodeJS.Platform;

/**
 * Whether a descriptor can be a terminal. This is cheap to ask; node:tty, which knows for sure, takes 2 ms to load, half of the binary's
 * whole start, so a run in a script does without it. Windows has no such facts about a console: there node:tty is always asked.
 */
export function mayBeTerminal(fd: number, system: System): boolean {
  if (system === 'win32') return true;
  try {
    const facts = fstatSync(fd);
    return facts.isCharacterDevice() && facts.rdev !== statSync(devNull).rdev;
  } catch {
    return false;
  }
}

/** Stops the whole process group, so that the rest of a pipeline stops too; nothing on Windows, where no shell could let it go on. */
export function stopGroup(system: System, kill: (group: number, signal: NodeJS.Signals) => void = killed): void {
  // 0: the own group.
  if (system !== 'win32') kill(0, 'SIGTSTP');
}

function killed(group: number, signal: NodeJS.Signals): void {
  process.kill(group, signal);
}

const statusFile = '/proc/self/status';

/**
 * Whether whoever started kt had SIGHUP ignored, as nohup does: listening would undo that. Linux tells. Elsewhere a run without a
 * terminal counts as one that is to survive it. (Node itself undoes it before kt starts.)
 * @param hasTerminal whether there is one for people: stdout or stderr
 */
export function hangupIsIgnored(system: System, hasTerminal: boolean, file: string = statusFile): boolean {
  try {
    const ignored = system === 'linux' ? /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync(file, 'latin1'))?.[1] : undefined;
    // SIGHUP is signal 1, the lowest bit.
    if (ignored !== undefined) return Number.parseInt(ignored.slice(-1), 16) % 2 === 1;
  } catch {
    // No /proc here.
  }
  return !hasTerminal;
}
