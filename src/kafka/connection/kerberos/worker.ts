/** The thread of Kerberos in the binary: the system's library blocks while it talks to the KDC, and kt must go on meanwhile. */
import { parentPort } from 'node:worker_threads';
import { gssapiClient } from './client.ts';
import { GssRefusal, loadLibrary, openContext } from './library.ts';
import type { Question, Reply } from './wanted.ts';

type Client = ReturnType<typeof gssapiClient>;

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
        loadLibrary(question.library);
        return { id };
      case 'start':
        clients.set(
          id,
          gssapiClient(() => openContext(question.wanted)),
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

function next(client: Client, answer?: Uint8Array): { token?: Uint8Array } {
  const { value, done } = client.next(answer as Uint8Array);
  return done ? {} : { token: value! };
}
