/** Which version of kt this is: fixed into it when it is built, read from package.json where it runs from its sources. */
import { readFileSync } from 'node:fs';

/** Defined by scripts/build.mjs. */
declare const KT_VERSION: string | undefined;

/** The version as in package.json: `0.1.0`. */
export function version(): string {
  if (typeof KT_VERSION === 'string') return KT_VERSION;
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
