/** Getting a producer id: when to ask again, and the error when there is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { newProducerId } from '../../../../src/kafka/transactions/producer-id.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';

const lost = new KtError('connection', 'lost');

function asked(answer: Answerer) {
  const cluster = fakeCluster({ answers: { InitProducerId: answer } });
  return { cluster, id: (timeoutMs = 10_000) => newProducerId(cluster, timeoutMs, cluster.signal) };
}

test('an id whose answer was lost, or that the brokers cannot give yet, is asked for again', async () => {
  const { cluster, id } = asked((_body, _target, tries) => {
    if (tries === 1) throw lost;
    return { errorCode: tries === 2 ? 14 : 0, producerId: 9n, producerEpoch: 0 };
  });
  assert.deepEqual(await id(), { id: 9n, epoch: 0 });
  assert.deepEqual(
    cluster.sent.map(({ target }) => target),
    ['any', 'any', 'any'],
  );
});

test('it is asked for no longer than the time there is', async () => {
  const { id } = asked(() => {
    throw lost;
  });
  await assert.rejects(id(50), lost);
});

test('an interruption ends asking', async () => {
  const stop = new AbortController();
  const cluster = fakeCluster({
    answers: {
      InitProducerId: () => {
        setImmediate(() => stop.abort(new KtError('interrupted', 'interrupted')));
        throw lost;
      },
    },
  });
  await assert.rejects(newProducerId(cluster, 10_000, stop.signal), { kind: 'interrupted' });
});
