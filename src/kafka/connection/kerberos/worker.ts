/** The thread of Kerberos in the binary: the system's library blocks while it talks to the KDC, and kt must go on meanwhile. */
import { parentPort } from 'node:worker_threads';
import { gssapiClient } from './client.ts';
import { openContext } from './context.ts';
import { GssRefusal, Library } from './library.ts';
import type { Question, Reply } from './wanted.ts';

type Client = ReturnType<typeof gssapiClient>;

const libraries = new Map<string, Library>();
const clients = new Map<number, Client>();

parentPort!.on('message', (question: Question) => {
  const reply = answered(question);
  if (reply) parentPort!.postMessage(reply satisfies Reply);
});

function answered(question: Question): Reply | undefined {
  const { id } = question;
  try {
    switch (question.kind) {
      case 'load':
        libraryAt(question.library);
        return { id };
      case 'start':
        clients.set(
          id,
          gssapiClient(() => openContext(libraryAt(question.wanted.library), question.wanted)),
        );
        return { id, ...next(clients.get(id)!) };
      case 'answer':
        return { id, ...next(clients.get(id)!, question.answer) };
      case 'end':
        // It gives back what it has.
        clients.get(id)?.return();
        clients.delete(id);
        return undefined;
    }
  } catch (error) {
    const [major, minor] = error instanceof GssRefusal ? [error.major, error.minor] : [0, 0];
    return { id, refusal: { text: (error as Error).message, major, minor } };
  }
}

function libraryAt(path: string): Library {
  const library = libraries.get(path) ?? new Library(path);
  libraries.set(path, library);
  return library;
}

function next(client: Client, answer?: Uint8Array): { token?: Uint8Array } {
  const { value, done } = client.next(answer as Uint8Array);
  return done ? {} : { token: value! };
}
