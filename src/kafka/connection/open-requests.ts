/** The requests under way on one socket: each is written at once, and answers come in the order of the requests. */
import type { ApiName } from '../wire/generated/types.ts';
import type { BrokerSocket } from './socket.ts';

export interface Exchange {
  readonly apiName: ApiName;
  readonly apiVersion: number;
  readonly expectResponse: boolean;
  /** The most that the answer may be, in bytes, if that is more than usual. */
  readonly answerBytes?: number | undefined;
  /** In parts, whose memory must not change until the answer comes or, where none is expected, until they are sent. */
  readonly frame: (correlationId: number) => readonly Buffer[];
}

interface OpenRequest {
  readonly resolve: (payload: Buffer | null) => void;
  readonly reject: (reason: unknown) => void;
}

export class OpenRequests {
  #nextId = 0;
  /** Those that wait for an answer, by correlation id, oldest first. */
  readonly #open = new Map<number, OpenRequest>();

  /** Writes one frame. Resolves with the bytes after the answer's correlation id; with `null`, once it is sent, where no answer is expected. */
  write(socket: BrokerSocket, { expectResponse, frame }: Exchange): Promise<Buffer | null> {
    return new Promise((resolve, reject) => {
      const correlationId = this.#nextId;
      const parts = frame(correlationId);
      this.#nextId = (correlationId + 1) & 0x7fffffff;
      if (expectResponse) this.#open.set(correlationId, { resolve, reject });
      // One by one: Bun would copy corked parts into new memory.
      for (const part of parts.slice(0, -1)) socket.write(part);
      socket.write(parts.at(-1)!, (error) => {
        if (error) reject(error);
        else if (!expectResponse) resolve(null);
      });
    });
  }

  /**
   * Gives a frame to the oldest request. False when it is not that one's answer: a broker answers in the order of requests, so any other id is
   * damage, and its bytes would answer the wrong question.
   */
  answer(frame: Buffer): boolean {
    const [oldest] = this.#open;
    if (oldest?.[0] !== frame.readInt32BE(0)) return false;
    const [correlationId, { resolve }] = oldest;
    this.#open.delete(correlationId);
    resolve(frame.subarray(4));
    return true;
  }

  rejectAll(reason: unknown): void {
    for (const { reject } of this.#open.values()) reject(reason);
    this.#open.clear();
  }
}
