/** The licences of all that kt contains: a text of 150 kB that scripts/build.mjs makes, and that is read only when it is asked for. */
import { readFile } from 'node:fs/promises';

/** Defined by scripts/build.mjs for the binary, which carries the file. */
declare const KT_VERSION: string | undefined;

/** The text, ready to be printed. */
export function licenses(): Promise<string> {
  const folder = typeof KT_VERSION === 'string' ? './' : '../';
  return readFile(new URL(`${folder}THIRD-PARTY-LICENSES.txt`, import.meta.url), 'utf8');
}
