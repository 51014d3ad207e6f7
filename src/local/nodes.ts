/** Starts nodes and waits until they serve; stops them and waits until they are gone. */
import { KtError } from '../base/errors.ts';
import type { Handle } from './handle.ts';
import { readyLine } from './jvm.ts';
import { type NodeState, writeState } from './state.ts';
import { untilGone, untilReady } from './waiting.ts';

/** Nodes that all stop at once may wait for a quorum that no longer exists; once killed, they recover their logs at the next start. */
const shutdownMs = 15_000;

function untilNodeReady({ runtime, options }: Handle, node: NodeState): Promise<void> {
  const starting = {
    name: `broker ${node.id}`,
    readyLine,
    logFile: runtime.logFile(node),
    isRunning: () => runtime.isRunning(node),
    log: () => runtime.log(node),
  };
  return untilReady(starting, options.signal);
}

/**
 * Starts nodes together; if one fails or kt is interrupted, ends those it started.
 * @throws KtError `connection` when one does not start (EADDRINUSE when another program has one of its ports)
 */
export async function startNodes(handle: Handle, nodes: readonly NodeState[]): Promise<void> {
  const { state, runtime, directory } = handle;
  try {
    if (!state.formatted) {
      await Promise.all(nodes.map((node) => runtime.format(state, node)));
      state.formatted = true;
    }
    await Promise.all(nodes.map((node) => runtime.start(state, node)));
    writeState(directory, state);
    await Promise.all(nodes.map((node) => untilNodeReady(handle, node)));
  } catch (error) {
    await signalNodes(handle, nodes, 'SIGKILL');
    writeState(directory, state);
    await untilGone(() => areSomeRunning(handle, nodes), [], shutdownMs);
    throw error;
  }
}

async function areSomeRunning({ runtime }: Handle, nodes: readonly NodeState[]): Promise<boolean> {
  return (await Promise.all(nodes.map((node) => runtime.isRunning(node)))).includes(true);
}

function untilNodesGone(handle: Handle, nodes: readonly NodeState[]): Promise<boolean> {
  const ports = nodes.flatMap((node) => Object.values(node.ports));
  return untilGone(() => areSomeRunning(handle, nodes), ports, shutdownMs);
}

/** Ends nodes: SIGTERM, time for a controlled shutdown, then SIGKILL. */
export async function stopNodes(handle: Handle, nodes: readonly NodeState[]): Promise<void> {
  await signalNodes(handle, nodes, 'SIGTERM');
  if (await untilNodesGone(handle, nodes)) return;
  await killNodes(handle, nodes);
}

/**
 * Ends nodes as a crash does, and waits until they are gone.
 * @throws KtError `connection` if they are still running after the time limit
 */
export async function killNodes(handle: Handle, nodes: readonly NodeState[]): Promise<void> {
  await signalNodes(handle, nodes, 'SIGKILL');
  if (await untilNodesGone(handle, nodes)) return;
  throw new KtError('connection', `SIGKILL did not end the brokers within ${shutdownMs / 1000} s`, {
    hint: 'see kt local status',
  });
}

async function signalNodes({ runtime }: Handle, nodes: readonly NodeState[], signal: NodeJS.Signals): Promise<void> {
  await Promise.all(nodes.map((node) => runtime.signal(node, signal)));
}
