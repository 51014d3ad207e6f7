/** Starts the nodes of a cluster that are not running. */
import { assignPorts, onFreePorts } from './assign-ports.ts';
import type { Handle } from './handle.ts';
import { startNodes } from './nodes.ts';
import { requireFree } from './ports.ts';
import { writeFiles } from './prepare.ts';
import type { LocalStatus } from './status.ts';

/**
 * @param before what runs now
 * @param port of the main listener, as `assignPorts` takes it
 * @throws KtError as `assignPorts` and `startNodes`
 */
export async function bringUp(
  handle: Handle,
  before: Pick<LocalStatus, 'status' | 'nodes'>,
  port: number | undefined,
): Promise<void> {
  const { place, state, runtime, options } = handle;
  await runtime.prepare();
  if (before.status !== 'stopped') {
    const running = new Set(before.nodes.filter((node) => node.running).map((node) => node.id));
    const missing = state.nodes.filter((node) => !running.has(node.id));
    // Clients and the other nodes know these ports, so no others will do.
    const ports = missing.flatMap((node) => Object.values(node.ports));
    await requireFree(ports, place.directory, place.name);
    return startNodes(handle, missing);
  }
  await onFreePorts(
    async () => {
      await assignPorts(handle, port);
      await writeFiles(handle);
    },
    () => startNodes(handle, state.nodes),
    options.note,
  );
}
