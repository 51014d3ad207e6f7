/** Everything that must exist before a node starts: the cluster's state, its ports and its files. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { certificatePaths, writeCertificates } from './certificates.ts';
import { addresses, clientFiles, type Handle } from './handle.ts';
import { loggingFile } from './jvm.ts';
import { freePorts, isFree, requireFree } from './ports.ts';
import { clientProperties, formatProperties, isSecured, serverProperties } from './properties.ts';
import { defaultPort, type LocalSpec, newSettings, type Protocol, type RuntimeKind } from './spec.ts';
import { type ClusterState, type NodeState, writePrivately } from './state.ts';

/** A cluster that does not exist yet. */
export function newState(spec: LocalSpec, runtime: RuntimeKind): ClusterState {
  const settings = newSettings(spec);
  const password = () => randomBytes(18).toString('base64url');
  return {
    ...settings,
    clusterId: randomBytes(16).toString('base64url').replace(/^-/, 'k'),
    runtime,
    users: isSecured(settings) ? { admin: password(), alice: password() } : {},
    nodes: Array.from({ length: settings.brokers }, (_, index) => ({
      id: index + 1,
      ports: {},
      internal: { host: '', brokerPort: 0, controllerPort: 0 },
      pid: 0,
    })),
    formatted: false,
  };
}

/** Ports: those of the main listener are consecutive and start where asked; the others are any free ones. */
export async function assignPorts({ place, state, runtime }: Handle, asked: number | undefined): Promise<void> {
  const { nodes, listeners } = state;
  const [main, ...others] = listeners as [Protocol, ...Protocol[]];
  const first = asked ?? nodes[0]?.ports[main] ?? defaultPort;
  const kept = asked === undefined && nodes[0]?.ports[main] !== undefined;
  if (!kept) {
    const ports = first === 0 ? await freePorts(nodes.length) : nodes.map((_, index) => first + index);
    nodes.forEach((node, index) => {
      node.ports = { [main]: ports[index] as number };
    });
  }
  await requireFree(
    nodes.map((node) => node.ports[main] as number),
    place.directory,
    place.name,
  );
  const taken = nodes.map((node) => node.ports[main] as number);
  for (const node of nodes) {
    for (const protocol of others) {
      const its = node.ports[protocol];
      if (its === undefined || !(await isFree(its))) node.ports[protocol] = (await freePorts(1, taken))[0] as number;
      taken.push(node.ports[protocol] as number);
    }
  }
  const internal = await runtime.internal(
    nodes.map((node) => node.id),
    taken,
  );
  nodes.forEach((node, index) => {
    node.internal = internal[index] as NodeState['internal'];
  });
}

/** Writes every file that a node or a client reads; certificates only once, with the storage. */
export async function writeFiles({ directory, state, runtime }: Handle): Promise<void> {
  writePrivately(join(directory, loggingFile(state.kafkaVersion)[0]), loggingFile(state.kafkaVersion)[1]);
  for (const node of state.nodes) {
    mkdirSync(join(directory, `node-${node.id}`), { recursive: true });
    const properties = serverProperties(state, node, runtime.bind);
    writePrivately(join(directory, `node-${node.id}`, 'server.properties'), formatProperties(properties));
  }
  if (!isSecured(state)) return;
  if (!state.formatted) {
    await writeCertificates(
      directory,
      state.nodes.map((node) => node.internal.host),
    );
  }
  const bootstrap = addresses(state, state.listeners[0] as Protocol);
  for (const [user, file] of Object.entries(clientFiles(directory))) {
    writePrivately(file, formatProperties(clientProperties(state, bootstrap, certificatePaths(directory).ca, user)));
  }
}
