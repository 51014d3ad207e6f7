/** Reading what a share group hands out: sessions, acknowledgements, locks that run out, leaders that are lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { KtError } from '../../../../src/base/errors.ts';
import { ShareFetcher, type ShareFetchOptions } from '../../../../src/kafka/share/share-fetcher.ts';
import { fakeCluster, topicMetadata } from '../../../support/fake-cluster.ts';
import { batchOf } from '../batch/fixtures.ts';

const topicId = 'AAAAAAAAAAAAAAAAAAAAAQ';
const ok = { errorCode: 0, errorMessage: null, throttleTimeMs: 0, nodeEndpoints: [] };

/** A partition's part of an answer, with the records of offset 0 and 1 or with none. */
function partitionAnswer(has: boolean, partitionIndex = 0, acknowledgeErrorCode = 0) {
  return {
    partitionIndex,
    errorCode: 0,
    errorMessage: null,
    acknowledgeErrorCode,
    acknowledgeErrorMessage: null,
    records: has ? batchOf(0n, ['a', 'b']) : Buffer.alloc(0),
    acquiredRecords: has ? [{ firstOffset: 0n, lastOffset: 1n, deliveryCount: 1 }] : [],
  };
}

function answer(partitions: readonly object[], acquisitionLockTimeoutMs = 30_000) {
  return { ...ok, acquisitionLockTimeoutMs, responses: [{ topicId, partitions }] };
}

type Answers = (tries: number) => Promise<object> | object;

function reading(answers: Answers, options: Partial<ShareFetchOptions> = {}) {
  const cluster = fakeCluster({
    topics: () => ({ orders: [1] }),
    answers: { ShareFetch: (_body, _target, tries) => answers(tries), ShareAcknowledge: () => ({ ...ok, responses: [] }) },
  });
  const warnings: string[] = [];
  const fetcher = new ShareFetcher(cluster, {
    signal: new AbortController().signal,
    warn: (text) => warnings.push(text),
    group: 'billing',
    memberId: 'AAAAAAAAAAAAAAAAAAAAAw',
    acknowledge: 'accept',
    wanted: () => undefined,
    ends: new Map([['orders:0', 2n]]),
    ...options,
  });
  const topic = { ...topicMetadata('orders', [1]), topicId };
  const metadata = { clusterId: null, controllerId: 1, brokers: [], topics: new Map([['orders', topic]]) };
  fetcher.assign([{ topic: 'orders', partition: 0 }], metadata);
  return { cluster, fetcher, warnings };
}

/** Reads to the end, as a sink that handles all it gets. */
async function readAll(fetcher: ShareFetcher, beforeNext: () => Promise<void> | void = () => {}): Promise<number> {
  let count = 0;
  for await (const batch of fetcher.batches()) {
    batch.each(() => {
      count++;
    });
    await beforeNext();
    batch.handled(batch.passed[0]!.nextOffset);
  }
  await fetcher.close();
  return count;
}

/** What was acknowledged, by request and epoch. */
function acknowledged({ sent }: ReturnType<typeof fakeCluster>): unknown[] {
  return sent.flatMap(({ api, body }) =>
    // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
    body.topics.flatMap(({ partitions }: any) =>
      // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
      partitions.flatMap(({ acknowledgementBatches }: any) =>
        // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
        acknowledgementBatches.map(({ firstOffset, lastOffset, acknowledgeTypes }: any) => [
          api,
          body.shareSessionEpoch,
          Number(firstOffset),
          Number(lastOffset),
          ...acknowledgeTypes,
        ]),
      ),
    ),
  );
}

test('where the group hands out no more while what is to be given back is held, the end is not said to be reached', async () => {
  const answers: Answers = (tries) => answer([partitionAnswer(tries === 1)]);
  const ends = new Map([['orders:0', 9n]]);
  const held = reading(answers, { acknowledge: 'release', ends });
  assert.equal(await readAll(held.fetcher), 2);
  assert.match(held.warnings.join(), /^orders:0: read up to offset 2 of 9; records that follow are handed out once/);
  const [whole, accepted] = [reading(answers, { acknowledge: 'release' }), reading(answers, { ends })];
  assert.deepEqual([await readAll(whole.fetcher), await readAll(accepted.fetcher)], [2, 2]);
  assert.deepEqual([...whole.warnings, ...accepted.warnings], []);
});

test('what was handled is acknowledged with the next request, and an answer without records ends the reading', async () => {
  const { cluster, fetcher, warnings } = reading((tries) => answer([partitionAnswer(tries === 1)]));
  assert.equal(await readAll(fetcher), 2);
  assert.deepEqual(acknowledged(cluster), [['ShareFetch', 1, 0, 1, 1]]);
  assert.deepEqual(
    cluster.sent.map(({ api, body }) => [api, body.shareSessionEpoch]),
    [
      ['ShareFetch', 0],
      ['ShareFetch', 1],
      ['ShareAcknowledge', -1],
    ],
  );
  assert.deepEqual(warnings, []);
});

test('what is given back is kept until the reading ends, so that it does not come again at once', async () => {
  const { cluster, fetcher } = reading((tries) => answer([partitionAnswer(tries === 1)]), { acknowledge: 'release' });
  assert.equal(await readAll(fetcher), 2);
  assert.deepEqual(acknowledged(cluster), [['ShareAcknowledge', -1, 0, 1, 2]]);
});

test('a reader that stops early acknowledges what it handled, and gives back the rest', async () => {
  const { cluster, fetcher } = reading((tries) => answer([partitionAnswer(tries === 1)]));
  for await (const batch of fetcher.batches()) {
    batch.each(() => false);
    batch.handled(1n);
    break;
  }
  await fetcher.close();
  assert.deepEqual(acknowledged(cluster), [['ShareAcknowledge', -1, 0, 0, 1]]);
});

test('records whose lock ran out before they were written are left to the group, with a word', async () => {
  const lockMs = 20;
  const { cluster, fetcher, warnings } = reading((tries) =>
    answer(tries === 1 ? [partitionAnswer(true)] : [partitionAnswer(false)], lockMs),
  );
  await delay(lockMs * 3);
  assert.equal(await readAll(fetcher), 0);
  assert.deepEqual(acknowledged(cluster), []);
  assert.match(warnings.join(), /^orders:0: records from offset 0 on were not written out.*\(0\.02s\)/);
});

test('a refused acknowledgement, a lost session and a lost connection are told: the records may come again', async () => {
  const invalidState = 121;
  const sessionNotFound = 122;
  const lost = new KtError('connection', 'broker 1 is gone');
  const second: readonly (readonly [Answers, RegExp])[] = [
    [() => answer([partitionAnswer(false, 0, invalidState)]), /the group's lock on them is over/],
    [() => ({ ...answer([]), errorCode: sessionNotFound }), /SHARE_SESSION_NOT_FOUND|session/i],
    [() => Promise.reject(lost), /broker 1 is gone/],
  ];
  for (const [failing, why] of second) {
    const { cluster, fetcher, warnings } = reading((tries) =>
      tries === 2 ? failing(tries) : answer([partitionAnswer(tries === 1)]),
    );
    assert.equal(await readAll(fetcher), 2);
    assert.equal(warnings.length, 1, warnings.join('\n'));
    assert.match(warnings[0]!, /^orders:0 offsets 0 to 1: written out, but not acknowledged \(/);
    assert.match(warnings[0]!, why);
    assert.ok(cluster.sent.at(-1)!.api === 'ShareAcknowledge');
  }
});
