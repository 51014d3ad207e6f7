/** What a run is given to find its cluster with: flags as typed, and the environment. */

/** The global flags that say how to reach a cluster. */
export interface ConnectionFlags {
  readonly bootstrapServer?: string | undefined;
  readonly profile?: string | undefined;
  readonly commandConfig?: string | undefined;
  /** `key=value`, in the order given. */
  readonly property: readonly string[];
  /** `advertised=reachable`. */
  readonly addressMap: readonly string[];
  readonly timeoutMs?: number | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;
