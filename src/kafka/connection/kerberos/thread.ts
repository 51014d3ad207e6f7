/** The thread that talks to the system's Kerberos library, seen from kt: one for the whole run, started when the first broker needs it. */
import { Worker } from 'node:worker_threads';
import type { Question, Reply } from './wanted.ts';

type Words = Question extends infer Each ? (Each extends Question ? Omit<Each, 'id'> : never) : never;

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<number, { resolve(reply: Reply): void; reject(error: Error): void }>();

/** The number of a new exchange. */
export function newExchange(): number {
  return ++last;
}

/** Resolves when the library is done with it, which may take as long as the KDC does. @throws Error when there is no thread */
export function ask(id: number, words: Words): Promise<Reply> {
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    tell(id, words);
  });
}

/** What gets no reply. */
export function tell(id: number, words: Words): void {
  worker ??= started();
  worker.postMessage({ id, ...words } as Question);
}

/** Where scripts/build.mjs puts the thread's code in the binary, seen from the other code there. */
const code = './src/kafka/connection/kerberos/worker.js';

function started(): Worker {
  const thread = new Worker(new URL(code, import.meta.url));
  thread.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.resolve(reply);
    waiting.delete(reply.id);
  });
  thread.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker = undefined;
  });
  thread.unref();
  return thread;
}
