/** How large a key or value may be to be decoded. */
import { formatSize } from '../../base/units.ts';
import { defaultBatchBytes } from '../../kafka/batch/malformed.ts';

/** A document takes many times its bytes in memory: a field may be this part of a batch's bound. */
const decodedPart = 16;

/** The largest field that is decoded, in bytes. */
export function largestDecoded(maxBatchBytes: number = defaultBatchBytes): number {
  return maxBatchBytes / decodedPart;
}

/** @throws RangeError for a field that is too large to be decoded */
export function checkDecoded(bytes: number, mostBytes: number): void {
  if (bytes > mostBytes)
    throw new RangeError(`${formatSize(bytes)} are too much to look into without a larger --max-batch-bytes`);
}
