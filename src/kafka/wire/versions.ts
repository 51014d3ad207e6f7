/** Which version of an API kt and a broker speak. */
import { apiKeys, versionRanges } from './generated/descriptors.ts';
import type { ApiName } from './generated/types.ts';

/** The versions that a broker supports, by API key. */
export type ApiRanges = Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>>;

export function apiKeyOf(api: ApiName): number {
  return apiKeys[api];
}

/** The newest version both sides know, up to `maxVersion`; undefined when there is none (KIP-35, KIP-896). */
export function negotiate(api: ApiName, broker: ApiRanges, maxVersion = Number.MAX_SAFE_INTEGER): number | undefined {
  const [oldest, newest] = versionRanges[api];
  const theirs = broker[apiKeys[api]];
  if (!theirs) return undefined;
  const version = Math.min(newest, theirs.maxVersion, maxVersion);
  return version >= oldest && version >= theirs.minVersion ? version : undefined;
}

/** The version of an API, by its key, that kt would use with a broker; undefined where kt does not speak it. */
export function usedVersion(apiKey: number, broker: ApiRanges): number | undefined {
  const api = (Object.keys(apiKeys) as ApiName[]).find((name) => apiKeys[name] === apiKey);
  return api && negotiate(api, broker);
}
