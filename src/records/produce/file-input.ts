/** Reads a file in large pieces that reuse the same memory: new memory for each would be most of what a run holds. */
import { closeSync, read } from 'node:fs';

const pieceBytes = 512 << 10;

/**
 * The rest of an open file, closed at the end. A piece is valid until the next one is pulled.
 * @param memory gives two buffers for pieces, if they are to be there; it is asked when the first piece is
 * @throws what reading throws
 */
export async function* fileInput(fd: number, memory: () => readonly Buffer[] = () => []): AsyncGenerator<Buffer> {
  const own = () => Buffer.allocUnsafeSlow(pieceBytes);
  let [current = own(), next = own()] = memory();
  let reading = filled(fd, current);
  try {
    for (;;) {
      const length = await reading;
      if (length === 0) return;
      // Read ahead while this piece is processed.
      reading = filled(fd, next);
      yield current.subarray(0, length);
      [current, next] = [next, current];
    }
  } finally {
    await reading.catch(() => {});
    closeSync(fd);
  }
}

function filled(fd: number, memory: Buffer): Promise<number> {
  const reading = new Promise<number>((resolve, reject) => {
    read(fd, memory, 0, memory.length, null, (error, length) => (error ? reject(error) : resolve(length)));
  });
  // A consumer that stops early never looks at the result.
  reading.catch(() => {});
  return reading;
}
