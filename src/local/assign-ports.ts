/** Hands out the ports of local clusters: the one place that does, so that no two clusters are given the same. */
import { join } from 'node:path';
import { KtError } from '../base/errors.ts';
import { withLock } from '../base/lock.ts';
import type { Handle } from './handle.ts';
import { freePorts, isFree, requireFree } from './ports.ts';
import { defaultPort, type Protocol } from './spec.ts';
import { makeClusterDirectory, type NodeState, portOwners, portsOf, writeState } from './state.ts';

const defaultRegistryPort = 8081;

/** Free ports that no cluster's state names, nor were given to this one before. */
type PickPorts = (count: number) => Promise<readonly number[]>;

/**
 * Chooses all ports of the nodes: those of the main listener are consecutive and start where asked, or are kept; the others are any free ones.
 * @param asked of the main listener; 0 takes any free ones
 * @throws KtError `connection` (EADDRINUSE) when one of the main listener's is busy, and was not picked here
 */
export function assignPorts(handle: Handle, asked: number | undefined): Promise<void> {
  const { place, state, runtime } = handle;
  const { nodes, listeners, registry } = state;
  const [main, ...others] = listeners as [Protocol, ...Protocol[]];
  return handOut(handle, registry ? [registry.port] : [], async (pick, given) => {
    const kept = asked === undefined && nodes[0]?.ports[main] !== undefined;
    if (!kept) {
      const first = asked ?? defaultPort;
      const ports = first === 0 ? await pick(nodes.length) : nodes.map((_, index) => first + index);
      nodes.forEach((node, index) => {
        node.ports = { [main]: ports[index] as number };
      });
    }
    const mains = nodes.map((node) => node.ports[main] as number);
    await requireFree(mains, place.directory, place.name);
    for (const port of mains) given.add(port);
    for (const node of nodes) {
      for (const protocol of others) node.ports[protocol] = await keptOrPicked(node.ports[protocol], given, pick);
    }
    const internal = await runtime.internal(
      nodes.map((node) => node.id),
      pick,
    );
    nodes.forEach((node, index) => {
      node.internal = internal[index] as NodeState['internal'];
    });
  });
}

/** A registry keeps its port while that is free: programs know it. A new one takes 8081 where that is free, unless any port will do. */
export function assignRegistryPort(handle: Handle, anyPort: boolean): Promise<void> {
  const { state } = handle;
  const wanted = state.registry?.port ?? (anyPort ? undefined : defaultRegistryPort);
  return handOut(handle, portsOf({ nodes: state.nodes, runtime: state.runtime }), async (pick, given) => {
    state.registry = { port: await keptOrPicked(wanted, given, pick), pid: 0 };
  });
}

async function keptOrPicked(port: number | undefined, given: Set<number>, pick: PickPorts): Promise<number> {
  if (port === undefined || given.has(port) || !(await isFree(port))) return (await pick(1))[0] as number;
  given.add(port);
  return port;
}

/**
 * Writes the state before the next one may choose: from then on the ports are this cluster's, though nothing listens there yet.
 * @param own ports that the cluster has already
 */
function handOut(
  { place, directory, state, options }: Handle,
  own: readonly number[],
  choose: (pick: PickPorts, given: Set<number>) => Promise<void>,
): Promise<void> {
  // No cluster has a name with a dot, so this is no cluster's lock.
  return withLock(join(place.directory, '.ports.lock'), options.signal, async () => {
    const owners = portOwners(place.directory, place.name);
    const given = new Set(own);
    await choose(async (count) => {
      const ports = await freePorts(count, (port) => given.has(port) || owners.has(port));
      for (const port of ports) given.add(port);
      return ports;
    }, given);
    makeClusterDirectory(directory);
    writeState(directory, state);
  });
}

/** Two programs that meet at a port by chance do not meet at the next ones. */
const mostStarts = 4;

/**
 * Chooses ports and starts what is to listen there; does so again while another program is quicker to take a port, for nothing holds it in between.
 * @param choose refuses a port that the user named and that is busy
 * @throws what both throw
 */
export async function onFreePorts(
  choose: () => Promise<void>,
  start: () => Promise<void>,
  note: (text: string) => void,
): Promise<void> {
  for (let starts = 1; ; starts++) {
    await choose();
    try {
      return await start();
    } catch (error) {
      if (starts === mostStarts || !(error instanceof KtError && error.code === 'EADDRINUSE')) throw error;
      note('another program took a port in the meantime; starting again with others');
    }
  }
}
