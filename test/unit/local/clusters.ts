/** Local clusters' states for the unit tests of src/local. */
import { randomBytes } from 'node:crypto';
import { newState } from '../../../src/local/prepare.ts';
import type { LocalSpec } from '../../../src/local/spec.ts';
import type { ClusterState } from '../../../src/local/state.ts';

/** The state of a new cluster whose ports have been chosen: clients' from 9092, internal ones as in a container. */
export function someState(asked: Partial<LocalSpec> = {}, host = (id: number) => `host-${id}`): ClusterState {
  const state = newState({ name: 'test', directory: '/nowhere', cacheDirectory: '/nowhere', ...asked }, 'java');
  let port = 9092;
  for (const node of state.nodes) {
    for (const protocol of state.listeners) node.ports[protocol] = port++;
    node.internal = { host: host(node.id), brokerPort: 29092, controllerPort: 29093 };
  }
  return state;
}

export const someName = (): string => `test-${randomBytes(4).toString('hex')}`;
