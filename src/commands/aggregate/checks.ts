/** Options of `kt aggregate` that contradict each other. */
import { usageError } from '../../base/errors.ts';
import { namePattern } from '../../base/name-pattern.ts';
import type { AggregateOptions } from './options.ts';

/** @throws KtError `usage` */
export function refuseContradictions(topic: string, { into, group, lateTo, exit, to, partition }: AggregateOptions): void {
  if (!namePattern(topic).exact) {
    throw usageError(`${topic} (a pattern: kt aggregate reads one topic)`, 'name the topic; kt topics list shows which match');
  }
  if (group !== undefined && into === undefined) {
    throw usageError('--group without --into (results and state are written together)', 'name a topic: --into revenue');
  }
  if (into !== undefined && group === undefined && !exit && to === undefined) {
    throw usageError(
      '--into without --group (after a stop nobody would know where to go on)',
      'name the aggregation: --group revenue; or read to the end, with -e',
    );
  }
  if (group !== undefined && (partition.length > 0 || /:[\d,]+$/.test(topic))) {
    throw usageError('--group and --partition (the state under a name is that of the whole topic)', 'leave one of them out');
  }
  const outputs = [
    ['--into', into],
    ['--late-to', lateTo],
    ['--group', group && `${group}-changelog`],
  ] as const;
  for (const [index, [option, name]] of outputs.entries()) {
    if (name === undefined) continue;
    if (name === topic) throw usageError(`${option} ${name} (the topic that is read)`, 'name another topic');
    const other = outputs.slice(0, index).find(([, each]) => each === name);
    if (other) throw usageError(`${other[0]} and ${option} (both would write to ${name})`, 'name two topics');
  }
}
