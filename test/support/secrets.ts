/** The secrets of the tests' clusters and providers: no run of kt may print one, whatever it is told, and however it ends. */
import type { Readable } from 'node:stream';

const known = new Set<string>();
let longest = 0;

/** From now on, printing it fails the test. */
export function keepSecret(secret: string): string {
  known.add(secret);
  longest = Math.max(longest, Buffer.byteLength(secret));
  return secret;
}

/** Fails on the first secret that comes through the stream, which is read by whoever reads it, as before. */
export function failOnSecrets(stream: Readable, of: string): void {
  let seen = Buffer.alloc(0);
  const emit = stream.emit.bind(stream);
  stream.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event === 'data' && known.size > 0) {
      const chunk = args[0] as Buffer | string;
      seen = Buffer.concat([seen, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
      for (const secret of known) if (seen.includes(secret)) throw new Error(`${of} printed a secret`);
      // One may be split between this chunk and the next.
      seen = seen.subarray(Math.max(0, seen.length - longest + 1));
    }
    return emit(event, ...args);
  };
}

/** The secrets in a text, such as a file that kt wrote; none should be. */
export function secretsIn(text: Buffer): string[] {
  return [...known].filter((secret) => text.includes(secret));
}
