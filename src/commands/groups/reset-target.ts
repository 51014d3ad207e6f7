/** Where `groups reset-offsets` sets a group: a position, a shift, or the offsets in a file. */
import { KtError, usageError } from '../../base/errors.ts';
import { position } from '../../cli/options.ts';
import type { Context } from '../../context.ts';
import { readOffsets } from '../../core/groups/offsets-file.ts';
import type { ResetTarget } from '../../core/groups/reset-plan.ts';
import { namedText } from '../named-text.ts';

/** A position, or `current`: the committed offset. */
export function resetPosition(value: string): ResetTarget {
  return value === 'current' ? { at: 'current' } : position(value);
}

/** So many records on (`5`, `+5`) or back (`-5`). */
export function shift(value: string): bigint {
  if (!/^[+-]?\d{1,18}$/.test(value)) {
    throw usageError(`${value} (not a number of records)`, 'write a number such as 10 (forward) or -10 (back)');
  }
  return BigInt(value.replace(/^\+/, ''));
}

/** Offsets by partition, of a file or (`-`) of stdin. @throws KtError `usage` naming the file and what is wrong in it */
export async function offsetsFrom(context: Context, file: string, group?: string): Promise<ReadonlyMap<string, bigint>> {
  const text = await namedText(context, file).catch((error: unknown) => {
    throw error instanceof KtError && error.kind === 'usage' ? usageError(`--from-file ${error.message}`, error.hint) : error;
  });
  try {
    return readOffsets(text, group);
  } catch (error) {
    if (!(error instanceof KtError)) throw error;
    throw usageError(`--from-file ${file === '-' ? 'stdin' : file} (${error.message})`, error.hint);
  }
}
