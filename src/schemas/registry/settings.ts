/** What it takes to reach a schema registry, as plain values; types only. `src/settings/registry` makes them of what the user gave. */
import type { OAuthClient } from '../../base/oauth/client.ts';
import type { TlsPeer } from '../../base/tls.ts';

/** How a request says who sends it. */
export type RegistryAuth =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | ({ readonly kind: 'oauth' } & OAuthClient);

export interface RegistrySettings {
  /** At least one, normalised: no credentials, no slash at the end. All lead to one registry. */
  readonly urls: readonly string[];
  /** What named them: `--registry`, `profile 'prod'`. */
  readonly origin: string;
  /** Time limit for each request, in ms. */
  readonly timeoutMs: number;
  readonly auth?: RegistryAuth | undefined;
  /** Sent with every request, such as the logical cluster; never to another host. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: an https address is checked against the system's authorities. */
  readonly tls?: TlsPeer | undefined;
  /** Where schemas are kept between runs: `$XDG_CACHE_HOME/kt/schemas`; undefined keeps none. */
  readonly cacheDirectory?: string | undefined;
}
