/** The chunks of an input: begun early, ended early. */
import { whenAborted } from '../../base/pause.ts';

/** The input, to be taken once; its first chunk is read from now on, not only when somebody asks for it. */
export function begin(input: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const chunks = input[Symbol.asyncIterator]();
  const first = chunks.next();
  // Whoever asks for it is told; perhaps nobody will.
  first.catch(() => {});
  let isTaken = false;
  const next = () => {
    if (isTaken) return chunks.next();
    isTaken = true;
    return first;
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

/**
 * The input, which the signal ends even while nothing comes. One promise per chunk: a promise that lived as long as the input and was raced
 * with each chunk would keep every chunk in memory.
 */
export async function* untilAborted(input: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  const reader = input[Symbol.asyncIterator]();
  for (;;) {
    const next = await new Promise<IteratorResult<Buffer>>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const release = whenAborted(signal, () => reject(signal.reason));
      reader.next().then(resolve, reject).finally(release);
    });
    if (next.done) return;
    yield next.value;
  }
}
