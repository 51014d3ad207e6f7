/** `--max-batch-bytes` of the commands that read records: how much memory one batch may take. */
import { usageError } from '../base/errors.ts';
import { parseSize } from '../base/units.ts';
import { option } from '../cli/define.ts';
import { largestBatchBytes } from '../kafka/batch/malformed.ts';

export const maxBatchBytesOption = option(
  '--max-batch-bytes <size>',
  'the most that one record batch may decompress to; a larger one is an error',
  batchBytes,
  { defaultText: '128MiB' },
);

function batchBytes(value: string): number {
  const bytes = parseSize(value);
  if (bytes === undefined || bytes < 1 || bytes > largestBatchBytes + 1)
    throw usageError(`${value} (not the size of a batch)`, 'sizes look like 64MiB or 1GiB; the largest is 2GiB');
  return Math.min(bytes, largestBatchBytes);
}
