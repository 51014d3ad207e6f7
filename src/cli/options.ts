/** The global options, and the readers of values that many commands take. */

export type OutputFormat = 'table' | 'wide' | 'json' | 'yaml' | 'csv' | 'name';

/** The global options as typed (environment already applied where a variable stands for one). */
export interface GlobalOptions {
  readonly bootstrapServer?: string | undefined;
  readonly profile?: string | undefined;
  readonly commandConfig?: string | undefined;
  /** `key=value`, in the order given. */
  readonly property: readonly string[];
  /** `advertised=reachable`. */
  readonly addressMap: readonly string[];
  readonly timeoutMs?: number | undefined;
  /** As typed: `tail` and `produce` take styles of their own. */
  readonly output?: string | undefined;
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly yes: boolean;
}
