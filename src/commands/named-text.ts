/** Text, or bytes, that a command takes from a file, or from stdin as `-`. */
import { resolve } from 'node:path';
import { usageError } from '../base/errors.ts';
import { readNamedFile, readStream, whyUnreadable } from '../base/named-file.ts';
import { utf8Text } from '../base/utf8-text.ts';
import type { Context } from '../context.ts';

/** Far more than a list of every topic or offset of a large cluster. */
const largest = 64 << 20;

/**
 * The whole text of a file, FIFO or stdin; an interruption ends the reading.
 * @throws KtError `usage` when it cannot be read, or is not UTF-8
 */
export async function namedText(context: Context, path: string): Promise<string> {
  return utf8Text(await namedBytes(context, path), path === '-' ? 'stdin' : path);
}

/** The same as bytes. @throws KtError `usage` when it cannot be read */
export async function namedBytes(context: Context, path: string): Promise<Buffer> {
  const { cwd, signal } = context;
  const limits = { signal, largest };
  try {
    return path === '-' ? await readStream(context.stdin, limits) : (await readNamedFile(resolve(cwd, path), limits)).bytes;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw usageError(`${path === '-' ? 'stdin' : path} (${whyUnreadable(error)})`, 'check the path and its permissions');
  }
}
