/** Options of `kt pipe` that contradict each other, and pipes that would read what they write. */
import { usageError } from '../../base/errors.ts';
import { namePattern } from '../../base/name-pattern.ts';
import type { PipeOptions } from './options.ts';

/** What is read, and the one topic that is written to unless a header names it. */
export interface Ends {
  readonly sources: readonly string[];
  readonly destination: string | undefined;
}

/** Takes the topics apart: the last one is the destination. @throws KtError `usage` when one is missing */
export function endsOf(topics: readonly string[], { toHeader }: PipeOptions): Ends {
  if (toHeader !== undefined) return { sources: topics, destination: undefined };
  if (topics.length < 2) {
    throw usageError(
      `kt pipe ${topics[0]} (it does not say where to)`,
      `name the topic to write to last: kt pipe ${topics[0]} orders-copy; --to-header NAME takes it from each record`,
    );
  }
  return { sources: topics.slice(0, -1), destination: topics.at(-1) };
}

/** @throws KtError `usage` for options that contradict each other */
export function refuseContradictions(options: PipeOptions): void {
  const { group, partition, exactlyOnce, toProfile, acks, isolation, sessionTimeout, mapRecord, map } = options;
  if (mapRecord && map === undefined)
    throw usageError('--map-record without --map', `give it: --map '{ key: value.id, value: value }' --map-record`);
  if (group !== undefined && partition.length > 0) {
    throw usageError('--group and --partition (a group divides the partitions itself)', 'leave one of them out');
  }
  if (group === undefined) {
    const idle = exactlyOnce ? '--exactly-once' : sessionTimeout === undefined ? undefined : '--session-timeout';
    if (idle) throw usageError(`${idle} needs a group`, `name it: --group billing ${idle}${exactlyOnce ? '' : ' 10s'}`);
  }
  if (!exactlyOnce) return;
  if (toProfile !== undefined) {
    throw usageError(
      '--exactly-once with --to-profile (a transaction cannot span two clusters: the offsets are in the one, the records in the other)',
      'leave --exactly-once out: records may then come twice after a crash, and none is lost',
    );
  }
  if (acks !== undefined && acks !== 'all')
    throw usageError(
      `--acks ${acks} with --exactly-once`,
      'transactions need acks from all in-sync replicas: leave --acks out',
    );
  if (isolation === 'read_uncommitted') {
    throw usageError(
      '--isolation read_uncommitted with --exactly-once (an aborted record would be copied as if it counted)',
      'leave --isolation out',
    );
  }
}

/**
 * What is written to a topic that is read would be read again, for ever. Only a pipe that ends where the topics ended at its start may do that;
 * in a group those ends are looked up anew whenever the group changes.
 * @param isSameCluster whether what is written goes to the cluster that is read
 * @throws KtError `usage`
 */
export function refuseLoops({ sources, destination }: Ends, options: PipeOptions, isSameCluster: boolean): void {
  const { deadLetter } = options;
  if (deadLetter !== undefined && deadLetter === destination)
    throw usageError(`--dead-letter ${deadLetter} (the topic that is written to)`, 'name another one');
  if (!isSameCluster || isBounded(options)) return;
  for (const [topic, what] of [
    [destination, 'the topic to write to'],
    [deadLetter, 'the dead-letter topic'],
  ] as const) {
    const source = topic === undefined ? undefined : sources.find((text) => namePattern(text).matches(topic));
    if (source === undefined) continue;
    throw usageError(
      `${topic} is read and written (${what}${source === topic ? '' : ` matches ${source}`}: what is written would be read again, for ever)`,
      'name the sources so that it is not among them; with -e, and without --group, what was there at the start is copied',
    );
  }
}

/** Whether the pipe ends where the topics ended when it began. */
export function isBounded({ exit, group }: PipeOptions): boolean {
  return exit && group === undefined;
}
