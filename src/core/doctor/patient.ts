/** What an examination is about, and what it may use. */
import type { Cluster } from '../../kafka/cluster.ts';
import type { Trace } from '../../kafka/connection/link.ts';
import type { ClusterSettings, GivenSetting } from '../../kafka/connection/settings.ts';

export interface Patient {
  /** What was given, with where it came from; no secret is in it. @throws KtError `usage` */
  given(): Promise<readonly GivenSetting[]>;
  /** What it comes to. @throws KtError `usage` */
  settings(): Promise<ClusterSettings>;
  /** @throws KtError `connection` */
  connect(): Promise<Cluster>;
  readonly signal: AbortSignal;
  /** Gets a line for each answered request of the way in. */
  readonly trace?: Trace;
  readonly topic?: string | undefined;
  readonly group?: string | undefined;
  /** Whether a test record may be written to the topic. */
  readonly write: boolean;
  /** How long a group that has lag is watched, in ms. */
  readonly watchMs: number;
}

/** A connected cluster, and how it was reached. */
export interface Connected {
  readonly cluster: Cluster;
  readonly settings: ClusterSettings;
}
