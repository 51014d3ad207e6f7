/** The licences of all that kt contains: a text of 150 kB that scripts/build.mjs makes, and that is read only when it is asked for. */
import { readFile } from 'node:fs/promises';

/** The text, ready to be printed. It is beside the built code: the binary carries it, the package has it in dist. */
export function licenses(): Promise<string> {
  return readFile(new URL('./THIRD-PARTY-LICENSES.txt', import.meta.url), 'utf8');
}
