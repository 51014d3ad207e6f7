/** Requests on kafkajs's queue of open requests: kt's own are put there, and all of them can be watched. */
import type { KafkaJsConnection, KafkaJsRequest } from './kafkajs.ts';

export interface Exchange {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  readonly expectResponse: boolean;
  /** The most that the answer may be, in bytes, if that is more than usual. */
  readonly answerBytes?: number | undefined;
  /** In parts, whose memory must not change until the answer comes or, where none is expected, until they are sent. */
  readonly frame: (correlationId: number) => readonly Buffer[];
}

/** Puts one frame on kafkajs's queue of open requests, which finds its answer by the correlation id. */
export function written(connection: KafkaJsConnection, request: Exchange): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const { apiKey, apiName, apiVersion, expectResponse } = request;
    const correlationId = connection.nextCorrelationId();
    const frame = request.frame(correlationId);
    connection.requestQueue.push({
      entry: {
        apiKey,
        apiName,
        apiVersion,
        correlationId,
        resolve: ({ payload }) => expectResponse && resolve(payload),
        reject,
      },
      expectResponse,
      requestTimeout: null,
      sendRequest: () => {
        // One by one: Bun would copy corked parts into new memory.
        for (const part of frame.slice(0, -1)) connection.socket?.write(part);
        connection.socket?.write(frame.at(-1)!, (error) => {
          if (error) reject(error);
          else if (!expectResponse) resolve(null);
        });
      },
    });
  });
}

/** Calls back for each answer, also to kafkajs's own requests, before whoever waits for it gets it. */
export function watchAnswers(
  { requestQueue }: KafkaJsConnection,
  onAnswer: (request: KafkaJsRequest['entry'], payload: Buffer | null, ms: number) => void,
): void {
  const push = requestQueue.push.bind(requestQueue);
  requestQueue.push = (request: KafkaJsRequest) => {
    const { entry } = request;
    const { resolve } = entry;
    const startedAt = performance.now();
    entry.resolve = (answer) => {
      onAnswer(entry, answer.payload, performance.now() - startedAt);
      resolve(answer);
    };
    push(request);
  };
}
