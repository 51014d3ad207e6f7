/** Which broker coordinates each group or transactional id: looked up in as few requests as possible, and remembered. */
import { KtError } from '../base/errors.ts';
import { pause } from '../base/pause.ts';
import type { Cluster } from './cluster.ts';
import { refusedFor } from './permissions.ts';
import { errorOf } from './wire/errors.ts';

type CoordinatorType = 'group' | 'transaction';

export interface CoordinatorFinder {
  /** Broker id by key. @throws KtError `refused` for a key the cluster refuses; `connection` when there is none within the timeout */
  find(type: CoordinatorType, keys: readonly string[], fresh: boolean): Promise<ReadonlyMap<string, number>>;
}

/** The permission that looking up a coordinator needs. */
function toFind(key: string) {
  return { group: ['DESCRIBE', key], 'transactional id': ['DESCRIBE', key] } as const;
}

/** From this version on one request asks for many keys (KIP-699). */
const batchVersion = 4;
const retryMs = 100;

/** A finder over this cluster's connection, with its own memory. */
export function coordinatorFinder(cluster: Cluster): CoordinatorFinder {
  const known = { group: new Map<string, number>(), transaction: new Map<string, number>() };
  return {
    async find(type, keys, fresh) {
      const memory = known[type];
      let missing = fresh ? [...new Set(keys)] : [...new Set(keys)].filter((key) => !memory.has(key));
      const deadline = performance.now() + cluster.timeoutMs;
      while (missing.length > 0) {
        const answers = await lookUp(cluster, type, missing);
        missing = [];
        for (const { key, nodeId, errorCode, errorMessage } of answers) {
          if (errorCode === 0) memory.set(key, nodeId);
          else if (!errorOf(errorCode).retriable) throw refusedFor(errorCode, `${type} ${key}`, toFind(key), errorMessage);
          else missing.push(key);
        }
        if (missing.length === 0) break;
        if (performance.now() > deadline) throw noCoordinator(type, missing[0]!, cluster.timeoutMs);
        await pause(retryMs, cluster.signal);
      }
      return memory;
    },
  };
}

interface Found {
  readonly key: string;
  readonly nodeId: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

async function lookUp(cluster: Cluster, type: CoordinatorType, keys: readonly string[]): Promise<readonly Found[]> {
  const keyType = type === 'group' ? 0 : 1;
  if ((await cluster.apiVersion('FindCoordinator')) >= batchVersion) {
    return (await cluster.request('FindCoordinator', { keyType, coordinatorKeys: keys })).coordinators;
  }
  return Promise.all(
    keys.map(async (key) => ({
      ...(await cluster.request('FindCoordinator', { key, keyType }, 'any', { maxVersion: batchVersion - 1 })),
      key,
    })),
  );
}

function noCoordinator(type: CoordinatorType, key: string, timeoutMs: number): KtError {
  return new KtError('connection', `no coordinator for ${type} ${key} (waited ${timeoutMs / 1000}s)`, {
    code: 'COORDINATOR_NOT_AVAILABLE',
    hint: 'the internal topics may still be loading, or too few brokers are up; --timeout 30s waits longer',
  });
}
