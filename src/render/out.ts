/** Owns stdout and stderr: bytes go to the descriptor itself, in the order they were given, and none is lost at exit. */
import { write, writeSync } from 'node:fs';
import { KtError } from '../base/errors.ts';

/** The reader of our output has gone: the work ends, without an error. */
export class ClosedPipe extends Error {}

/** Where a command's data goes. */
export interface Output {
  /**
   * Resolves when the kernel took every byte, so that awaiting it is the back-pressure. Calls are written in their order.
   * @throws ClosedPipe when the reader has gone
   */
  write(data: Uint8Array | string): Promise<void>;
  /** Whether bytes still wait for the kernel to take them. */
  isWriting?(): boolean;
}

function errorFor(error: NodeJS.ErrnoException): Error {
  if (error.code === 'EPIPE' || error.code === 'EOF') return new ClosedPipe('stdout was closed', { cause: error });
  // The file or device that the user sent the output to, such as a full disk: nothing kt did.
  const why = error.message.replace(/^[A-Z0-9]+: (.*?)(, write)?$/, '$1');
  return new KtError('usage', `stdout cannot be written (${why})`, {
    code: error.code,
    hint: 'check the file or device that the output goes to, and its free space',
    cause: error,
  });
}

const firstWaitMs = 1;
const longestWaitMs = 16;

/** Writes everything from `from` on: a pipe may take only a part at a time, and a non-blocking one nothing. */
function writeAll(fd: number, bytes: Uint8Array, from: number, done: (error?: Error) => void): void {
  let offset = from;
  let waitMs = firstWaitMs;
  const next = (): void => {
    write(fd, bytes, offset, bytes.length - offset, null, (error, written) => {
      if (error && error.code !== 'EAGAIN') return done(errorFor(error));
      if (error) {
        setTimeout(next, waitMs);
        waitMs = Math.min(waitMs * 2, longestWaitMs);
        return;
      }
      offset += written;
      waitMs = firstWaitMs;
      if (offset < bytes.length) next();
      else done();
    });
  };
  next();
}

function restOfWrite(fd: number, bytes: Uint8Array, from: number): Promise<void> {
  return new Promise((resolve, reject) => writeAll(fd, bytes, from, (error) => (error ? reject(error) : resolve())));
}

/** What an empty pipe takes at once on Linux. */
const emptyPipeBytes = 65_536;

/** Most commands write once, and little: writing here saves starting the thread pool, a sixth of the binary's whole run. */
async function firstWrite(fd: number, bytes: Uint8Array): Promise<void> {
  let written = 0;
  try {
    written = writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw errorFor(error as NodeJS.ErrnoException);
  }
  if (written < bytes.length) await restOfWrite(fd, bytes, written);
}

/**
 * An output over a file descriptor. It never touches `process.stdout`, whose buffer could get lost or mixed in; all but a small
 * first write happen on the thread pool, so a full pipe holds up neither signals nor sockets.
 */
export function fdOutput(fd: number): Output {
  let last: Promise<void> | undefined;
  let open = 0;
  const ended = (): void => {
    open--;
  };
  return {
    isWriting: () => open > 0,
    write(data) {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      const first = last === undefined && bytes.length <= emptyPipeBytes;
      const writing = first ? firstWrite(fd, bytes) : (last ?? Promise.resolve()).then(() => restOfWrite(fd, bytes, 0));
      last = writing;
      open++;
      // A failure reaches the caller of write; later writes of the chain fail the same way.
      writing.then(ended, ended);
      return writing;
    },
  };
}

/** Writes a short text synchronously, for stderr: in order with everything else, and not lost in a crash. Does nothing if stderr is closed. */
export function writeNow(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, firstWaitMs);
    }
  }
}
