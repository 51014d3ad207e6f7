/** Owns stdout and stderr: bytes go to the descriptor itself, in the order they were given, and none is lost at exit. */
import { write, writeSync } from 'node:fs';

/** Whoever read our output has gone: the end of the work, and no error. */
export class ClosedPipe extends Error {}

/** Where a command's data goes. */
export interface Output {
  /**
   * Resolves when the kernel took every byte, so that awaiting it is the back-pressure. Calls are written in their order.
   * @throws ClosedPipe when the reader has gone
   */
  write(data: Uint8Array | string): Promise<void>;
}

function errorFor(error: NodeJS.ErrnoException): Error {
  return error.code === 'EPIPE' || error.code === 'EOF' ? new ClosedPipe('stdout was closed', { cause: error }) : error;
}

const firstWaitMs = 1;
const longestWaitMs = 16;

/** Writes from `offset` on until all is taken: a pipe takes less than was offered, and a non-blocking one at times nothing. */
function writeAll(fd: number, bytes: Uint8Array, done: (error?: Error) => void): void {
  let offset = 0;
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

/**
 * An output over a file descriptor. It never touches `process.stdout`, whose own buffer could be lost or mixed in; writes happen on
 * the thread pool, so a full pipe holds up neither signals nor sockets.
 */
export function fdOutput(fd: number): Output {
  let last: Promise<void> = Promise.resolve();
  return {
    write(data) {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      if (bytes.length === 0) return last;
      const writing = last.then(
        () => new Promise<void>((resolve, reject) => writeAll(fd, bytes, (error) => (error ? reject(error) : resolve()))),
      );
      last = writing;
      // Whoever called write hears of it; a later write of the chain fails the same way.
      writing.catch(() => undefined);
      return writing;
    },
  };
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Writes a few words at once, for stderr: in order with everything else and there before a crash. A closed stderr is nobody's loss. */
export function writeNow(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(sleeper, 0, 0, firstWaitMs);
    }
  }
}
