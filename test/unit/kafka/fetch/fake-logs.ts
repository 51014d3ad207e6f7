/** Partitions whose fetches and writes are answered out of memory, for a fake cluster. */
import { setTimeout as delay } from 'node:timers/promises';
import { scanBatches } from '../../../../src/kafka/batch/header.ts';
import type { Answerer } from '../../../support/fake-cluster.ts';

/** One partition's log, and what its leader says of it. */
export interface FakeLog {
  batches: Buffer[];
  start: bigint;
  end: bigint;
  /** Answers this code, once for each. */
  errors: number[];
}

export function fakeLog(batches: readonly Buffer[] = [], range: Partial<Pick<FakeLog, 'start' | 'end'>> = {}): FakeLog {
  const end = batches.length === 0 ? 0n : scanBatches(batches.at(-1)!).nextOffset;
  return { batches: [...batches], start: 0n, end, errors: [], ...range };
}

/** An answer to Fetch out of these logs, named `topic-partition`; one with nothing in it comes a little later, as a long poll does. */
export function fetchAnswer(logs: Readonly<Record<string, FakeLog>>): Answerer {
  return async (body) => {
    let bytes = 0;
    const responses = body.topics.map((topic: { topic: string; partitions: { partition: number; fetchOffset: bigint }[] }) => ({
      topic: topic.topic,
      topicId: null,
      partitions: topic.partitions.map(({ partition, fetchOffset }) => {
        const log = logs[`${topic.topic}-${partition}`]!;
        const errorCode = log.errors.shift() ?? (fetchOffset < log.start || fetchOffset > log.end ? 1 : 0);
        const batch = errorCode === 0 ? log.batches.find((each) => scanBatches(each).nextOffset > fetchOffset) : undefined;
        bytes += batch?.length ?? errorCode;
        const [highWatermark, lastStableOffset] = errorCode === 0 ? [log.end, log.end] : [-1n, -1n];
        const records = batch ?? null;
        return { partitionIndex: partition, errorCode, highWatermark, lastStableOffset, abortedTransactions: null, records };
      }),
    }));
    if (bytes === 0) await delay(5);
    return { throttleTimeMs: 0, errorCode: 0, sessionId: 0, responses };
  };
}
