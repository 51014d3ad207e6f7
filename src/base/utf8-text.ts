/** The text of a file that has to be UTF-8: no byte of it is replaced in silence. */
import { isUtf8 } from 'node:buffer';
import { usageError } from './errors.ts';

/**
 * @param name the file's name in errors
 * @throws KtError `usage` with the line of the first byte that is not UTF-8
 */
export function utf8Text(bytes: Buffer, name: string): string {
  if (!isUtf8(bytes)) {
    throw usageError(
      `${name}, line ${lineOfFlaw(bytes)}: not UTF-8`,
      'save it as UTF-8, such as with iconv -f latin1 -t utf-8',
    );
  }
  return bytes.toString('utf8');
}

/** No byte of a longer character is a line end, so each line is UTF-8 of its own. */
function lineOfFlaw(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (!isUtf8(bytes.subarray(start, end === -1 ? bytes.length : end)) || end === -1) return line;
    start = end + 1;
  }
}
