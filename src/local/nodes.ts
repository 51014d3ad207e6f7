/** Starts nodes and waits until they serve; stops them and waits until they are gone. */
import { setTimeout as wait } from 'node:timers/promises';
import { KtError } from '../base/errors.ts';
import type { Handle } from './handle.ts';
import { readyLine } from './jvm.ts';
import { isFree } from './ports.ts';
import { type NodeState, writeState } from './state.ts';

const readyMs = 90_000;
/** Nodes that all stop at once may wait for a quorum that no longer exists; once killed, they recover their logs at the next start. */
const shutdownMs = 15_000;

/** The end of a log without the frames of Java's stack traces, which hide the reason. */
function lastLines(log: string, count: number): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !/^\s+(at |\.\.\. \d+ more)/.test(line));
  return lines.slice(-count).join('\n');
}

/**
 * Waits until the node serves.
 * @throws KtError `connection` with the log's last lines as soon as the node has died, or when it takes too long
 */
async function untilReady({ runtime, options }: Handle, node: NodeState): Promise<void> {
  const deadline = Date.now() + readyMs;
  for (;;) {
    // Checked before the log is read: if the node has just died, its log is then complete.
    const running = await runtime.isRunning(node);
    const log = await runtime.log(node);
    if (running && log.includes(readyLine)) return;
    if (!running || Date.now() > deadline) {
      const why = running ? `not ready within ${readyMs / 1000} s` : 'its process ended';
      const last = lastLines(log, 6);
      throw new KtError('connection', `broker ${node.id} did not start (${why})`, {
        hint: `its log, ${runtime.logFile(node)}, ends with:\n${last}`,
      });
    }
    await wait(50, undefined, { signal: options.signal });
  }
}

/** Starts nodes together; if one fails or kt is interrupted, stops those it started. */
export async function startNodes(handle: Handle, nodes: readonly NodeState[]): Promise<void> {
  const { state, runtime, directory } = handle;
  try {
    if (!state.formatted) {
      await Promise.all(nodes.map((node) => runtime.format(state, node)));
      state.formatted = true;
    }
    await Promise.all(nodes.map((node) => runtime.start(state, node)));
    writeState(directory, state);
    await Promise.all(nodes.map((node) => untilReady(handle, node)));
  } catch (error) {
    await Promise.all(nodes.map((node) => runtime.signal(node, 'SIGKILL')));
    writeState(directory, state);
    throw error;
  }
}

/** A process counts as gone a moment before the system has closed its sockets, so their ports must be free as well. */
async function untilGone({ runtime }: Handle, nodes: readonly NodeState[], withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  const ports = nodes.flatMap((node) => Object.values(node.ports));
  for (;;) {
    const running = await Promise.all(nodes.map((node) => runtime.isRunning(node)));
    const free = await Promise.all(ports.map(isFree));
    if (!running.includes(true) && !free.includes(false)) return true;
    if (Date.now() > deadline) return !running.includes(true);
    await wait(50);
  }
}

/** Ends nodes: SIGTERM, time for a controlled shutdown, then SIGKILL. */
export async function stopNodes(handle: Handle, nodes: readonly NodeState[]): Promise<void> {
  await signalNodes(handle, nodes, 'SIGTERM');
  if (await untilGone(handle, nodes, shutdownMs)) return;
  await killNodes(handle, nodes, 'SIGKILL');
}

/**
 * Signals nodes and waits until they are gone.
 * @throws KtError `connection` if they are still running after the time limit
 */
export async function killNodes(handle: Handle, nodes: readonly NodeState[], signal: NodeJS.Signals): Promise<void> {
  await signalNodes(handle, nodes, signal);
  if (await untilGone(handle, nodes, shutdownMs)) return;
  throw new KtError('connection', `${signal} did not end the brokers within ${shutdownMs / 1000} s`, {
    hint: 'see kt local status',
  });
}

async function signalNodes({ runtime }: Handle, nodes: readonly NodeState[], signal: NodeJS.Signals): Promise<void> {
  await Promise.all(nodes.map((node) => runtime.signal(node, signal)));
}
