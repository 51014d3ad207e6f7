/** Where the tokens of OAUTHBEARER come from, as plain values. */
import type { OAuthClient } from '../../../base/oauth/client.ts';

/** AWS IAM, for Amazon MSK. */
export interface MskSource {
  readonly kind: 'msk';
  /** The cluster's; absent: as its host names say. */
  readonly region: string | undefined;
  /** Where those say nothing. */
  readonly usualRegion: string | undefined;
  /** Of AWS's config files. */
  readonly profile: string | undefined;
  /** The role to assume. */
  readonly roleArn: string | undefined;
  readonly roleSession: string | undefined;
}

export type TokenSource =
  | { readonly kind: 'token'; readonly token: string }
  /** Read for each authentication: something else renews it. */
  | { readonly kind: 'file'; readonly path: string }
  /** Run without a shell; prints a token. */
  | { readonly kind: 'command'; readonly command: string }
  | MskSource
  | ({
      readonly kind: 'endpoint';
      /** PEM, counts beside the system's authorities; absent: the cluster's. */
      readonly ca?: string | undefined;
    } & OAuthClient);

/** The command's program, for messages: its arguments may be secrets. */
export function programOf(command: string): string {
  return command.trim().split(/\s/, 1)[0]!;
}

/** What gives the tokens, for messages. */
export function sourceName(source: TokenSource): string {
  switch (source.kind) {
    case 'token':
      return 'sasl.oauthbearer.token';
    case 'file':
      return source.path;
    case 'command':
      return `the command ${programOf(source.command)}`;
    case 'msk':
      return source.roleArn ?? (source.profile === undefined ? 'AWS' : `the AWS profile ${source.profile}`);
    case 'endpoint':
      return source.tokenUrl;
  }
}
