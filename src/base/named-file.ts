/** Files that the user names, read whole: pipes included, up to a size limit, and never deaf to an interruption. */
import { closeSync, constants, fstatSync, open, openSync, readSync, statSync } from 'node:fs';
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
  const fd = statSync(path).isFIFO() ? await openFifo(path, signal) : openSync(path, constants.O_RDONLY | nonBlocking);
  try {
    const { mode, size } = fstatSync(fd);
    if (size > largest) throw tooLarge(largest);
    return { bytes: await readToEnd(fd, { signal, largest }), mode };
  } finally {
    closeSync(fd);
  }
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
 * A descriptor that reads without blocking, once a writer has come. Without the blocking open, which waits in a thread, a FIFO that has
 * no writer yet looks like one that is at its end.
 */
function openFifo(path: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    // Nothing ends a thread's open() but a writer, so an interruption plays one: the process could not exit before.
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
      try {
        if (signal.aborted) throw signal.reason;
        resolve(openSync(path, constants.O_RDONLY | nonBlocking));
      } catch (cause) {
        reject(cause);
      } finally {
        closeSync(held);
      }
    });
  });
}
