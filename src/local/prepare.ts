/** What must exist before a node starts, apart from its ports: the cluster's state and its files. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { certificatePaths, writeCertificates } from './certificates.ts';
import { addresses, clientFiles, type Handle } from './handle.ts';
import { loggingFile } from './jvm.ts';
import { clientProperties, formatProperties, isSecured, serverProperties } from './properties.ts';
import { type LocalSpec, newSettings, type Protocol, type RuntimeKind } from './spec.ts';
import { type ClusterState, writePrivately } from './state.ts';

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
