/** Values that only the commands of groups take: positions to reset to, topics with partitions, files of offsets. */
import { readFileSync } from 'node:fs';
import { KtError, usageError } from '../../base/errors.ts';
import { position, wholeNumber } from '../../cli/options.ts';
import type { Context } from '../../context.ts';
import { readOffsets } from '../../core/groups/offsets-file.ts';
import type { ResetTarget } from '../../core/groups/reset-plan.ts';
import type { TopicSelection } from '../../core/topics/selection.ts';

/** A position, or `current`: the committed offset. */
export function resetPosition(value: string): ResetTarget {
  return value === 'current' ? { at: 'current' } : position(value);
}

/** So many records on (`5`, `+5`) or back (`-5`). */
export function shift(value: string): bigint {
  if (!/^[+-]?\d{1,18}$/.test(value)) {
    throw usageError(`${value} (not a number of records)`, 'write a number such as 10 (on) or -10 (back)');
  }
  return BigInt(value.replace(/^\+/, ''));
}

/** `orders`, `orders:3` or `orders:0,1`. */
export function topicPartitions(value: string): TopicSelection {
  const colon = value.indexOf(':');
  if (colon < 0) return { topic: value, partitions: undefined };
  const [topic, list] = [value.slice(0, colon), value.slice(colon + 1)];
  if (topic === '' || list === '')
    throw usageError(`${value} (no topic or no partitions)`, 'topics look like orders or orders:0,1');
  return { topic, partitions: list.split(',').map(wholeNumber) };
}

/** Offsets by partition, of a file or (`-`) of stdin. @throws KtError `usage` naming the file and what is wrong in it */
export async function offsetsFrom(context: Context, file: string, group: string): Promise<ReadonlyMap<string, bigint>> {
  try {
    return readOffsets(file === '-' ? await allOf(context.stdin) : readFileSync(file, 'utf8'), group);
  } catch (error) {
    const name = file === '-' ? 'stdin' : file;
    if (error instanceof KtError) throw usageError(`--from-file ${name} (${error.message})`, error.hint);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw usageError(
      `--from-file ${name} (${code === 'ENOENT' ? 'no such file' : `cannot be read: ${code}`})`,
      'check the path',
    );
  }
}

async function allOf(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}
