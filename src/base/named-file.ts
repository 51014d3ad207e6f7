/** Files that the user names, read whole: pipes included, up to a size limit, and never deaf to an interruption. */
import { closeSync, constants, fstatSync, open, openSync, readSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pause, whenAborted } from './pause.ts';
import { formatSize } from './units.ts';

export interface ReadLimits {
  /** Ends the reading; its reason is what it rejects with. */
  readonly signal: AbortSignal;
  /** In bytes; a larger file is refused, so that /dev/zero does not fill the memory. */
  readonly largest: number;
}

export interface NamedFile {
  readonly bytes: Buffer;
  /** Permissions, as in `stat`. */
  readonly mode: number;
}

const pieceBytes = 65_536;
/** How often a pipe without data is looked at. */
const pollMs = 10;
/** Windows has no such flag, and no FIFOs. */
const nonBlocking = constants.O_NONBLOCK ?? 0;

/**
 * Reads a file, FIFO, device or process substitution (`<(…)`) to its end. Waits for a FIFO's writer.
 * @throws Error with a system `code`, `EFBIG` when it is larger than the limit; the signal's reason
 */
export async function readNamedFile(path: string, { signal, largest }: ReadLimits): Promise<NamedFile> {
  if (signal.aborted) throw signal.reason;
  // Without its writer a FIFO reads as one that is at its end.
  const held = statSync(path).isFIFO() ? await openFifo(path, signal) : undefined;
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | nonBlocking);
    const { mode, size } = fstatSync(fd);
    if (size > largest) throw tooLarge(largest);
    return { bytes: await readToEnd(fd, { signal, largest }), mode };
  } finally {
    if (held !== undefined) closeSync(held);
    if (fd !== undefined) closeSync(fd);
  }
}

/** Everything that a stream gives. @throws as `readNamedFile`, and what the stream throws */
export async function readStream(stream: Readable, { signal, largest }: ReadLimits): Promise<Buffer> {
  if (signal.aborted) throw signal.reason;
  const release = whenAborted(signal, () => stream.destroy(signal.reason));
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of stream) {
      pieces.push(Buffer.from(piece));
      length += piece.length;
      if (length > largest) throw tooLarge(largest);
    }
  } finally {
    release();
  }
  // A stream that was destroyed may also just end.
  if (signal.aborted) throw signal.reason;
  return Buffer.concat(pieces, length);
}

/** Why a file could not be read, in words: `no such file`. */
export function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return words[code] ?? (code === 'EFBIG' ? message : code);
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};

async function readToEnd(fd: number, { signal, largest }: ReadLimits): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let length = 0; ; ) {
    const piece = Buffer.allocUnsafe(pieceBytes);
    const count = readNow(fd, piece);
    if (count === 0) return Buffer.concat(pieces, length);
    if (count === undefined) {
      await pause(pollMs, signal);
      continue;
    }
    length += count;
    if (length > largest) throw tooLarge(largest);
    pieces.push(piece.subarray(0, count));
  }
}

/** How many bytes were read, 0 at the end; undefined where a pipe has none at the moment. */
function readNow(fd: number, into: Buffer): number | undefined {
  try {
    return readSync(fd, into, 0, into.length, null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}

function tooLarge(largest: number): Error {
  return Object.assign(new Error(`it is larger than ${formatSize(largest)}`), { code: 'EFBIG' });
}

/**
 * Waits for the FIFO's writer, in a thread of the runtime, and opens it.
 * @returns a descriptor whose reads block
 * @throws Error with a system `code`; the signal's reason
 */
export function openFifo(path: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    // Only a writer ends the thread's open(), and the process cannot exit before that: an interruption plays the writer.
    const playWriter = (): void => {
      try {
        closeSync(openSync(path, constants.O_WRONLY | nonBlocking));
      } catch (error) {
        // The thread has not come to its open() yet.
        if ((error as NodeJS.ErrnoException).code === 'ENXIO') timer = setTimeout(playWriter, pollMs);
        else reject(signal.reason);
      }
    };
    const release = whenAborted(signal, playWriter);
    open(path, constants.O_RDONLY, (error, held) => {
      release();
      clearTimeout(timer);
      if (error) return reject(error);
      if (!signal.aborted) return resolve(held);
      closeSync(held);
      reject(signal.reason);
    });
  });
}
