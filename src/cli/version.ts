/** Which version of kt this is: fixed into the binary when it is built, read from package.json in the npm package. */
import { readFileSync } from 'node:fs';

/** Defined by scripts/build.mjs for the binary, which has no package.json beside it. */
declare const KT_VERSION: string | undefined;

/** The version as in package.json: `0.1.0`. */
export function version(): string {
  if (typeof KT_VERSION === 'string') return KT_VERSION;
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
