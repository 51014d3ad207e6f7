/** The option that was probably meant by one that a command does not have. */
import { nearest } from '../base/nearest.ts';

/** Options that change something or drop a safeguard: for these a similar spelling is not enough, only a slip of one letter. */
const acting = new Set(['--commit', '--execute', '--prune', '--purge', '--tombstone', '--unclean', '--use', '--yes']);

/** Names that other tools give to an option, with ours. */
const otherNames: Readonly<Record<string, string>> = {
  '--bootstrap-servers': '--bootstrap-server',
  '--broker-list': '--bootstrap-server',
  '--count': '--max-records',
  '--filter': '--where',
  '--grep': '--value',
  '--limit': '--max-records',
  '--max-messages': '--max-records',
  '--num-records': '--max-records',
  '--offset': '--from',
  '--replicas': '--replication-factor',
  '--search': '--value',
  '--since': '--from',
  '--until': '--to',
};

/** @param known the long options of the command */
export function suggestedOption(typed: string, known: readonly string[]): string | undefined {
  const other = otherNames[typed];
  if (other && known.includes(other)) return other;
  const slip = nearest(typed, known, 1);
  if (slip) return slip;
  // The dashes tell nothing.
  const letters = typed.length - 2;
  const harmless = known.filter((option) => !acting.has(option));
  const close = letters > 5 ? nearest(typed, harmless, 2) : undefined;
  const begun = letters > 2 ? known.filter((option) => option.startsWith(typed)) : [];
  return close ?? (begun.length === 1 ? begun[0] : undefined);
}
