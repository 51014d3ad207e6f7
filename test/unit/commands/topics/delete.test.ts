import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usageError } from '../../../../src/base/errors.ts';
import { topicsDelete } from '../../../../src/commands/topics/delete.ts';
import type { Context } from '../../../../src/context.ts';
import { fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';

/** A context in which the test answers the question; keeps what was asked and printed. */
function context(answer: 'yes' | 'no') {
  const cluster = fakeCluster({
    topics: () => ({ 'test-a': [1, 1], 'test-b': [1], orders: [1] }),
    answers: {
      ListOffsets: offsetsAnswer({
        'test-a-0': [0n, 1200n],
        'test-a-1': [0n, 34n],
        'test-b-0': [5n, 6n],
        'orders-0': [0n, 1n],
      }),
      DeleteTopics: (body) => ({
        responses: body.topicNames.map((name: string) => ({ name, errorCode: 0, errorMessage: null })),
      }),
    },
  });
  const said: string[] = [];
  const asked: string[] = [];
  const given: Partial<Context> = {
    cluster: async () => cluster,
    note: (text) => void said.push(text),
    confirm: async (question, stake) => {
      asked.push(`${question} (${stake?.count}${stake?.byPattern ? ', by pattern' : ''})`);
      if (answer === 'no') throw usageError('not confirmed');
    },
  };
  const deletions = () => cluster.sent.filter(({ api }) => api === 'DeleteTopics').map(({ body }) => body.topicNames);
  return { context: given as Context, said, asked, deletions };
}
const options = { ifExists: false, dryRun: false };

test('a pattern is shown with its records before anything is asked or deleted', async () => {
  const world = context('no');
  await assert.rejects(async () => topicsDelete.run(world.context, { topics: ['test-*'] }, options), /not confirmed/);
  assert.deepEqual(world.said, ['test-a: 2 partitions, 1,234 records', 'test-b: 1 partition, 1 record']);
  assert.deepEqual(world.asked, ['Delete 2 topics and all records in them (2, by pattern)']);
  assert.deepEqual(world.deletions(), []);
});

test('a confirmed deletion is one request for all topics', async () => {
  const world = context('yes');
  const outcomes = await topicsDelete.run(world.context, { topics: ['test-*', 'test-a'] }, options);
  assert.deepEqual(
    outcomes.map(({ topic, status }) => `${topic} ${status}`),
    ['test-a deleted', 'test-b deleted'],
  );
  assert.deepEqual(world.deletions(), [['test-a', 'test-b']]);
});

test('a dry run asks nothing and deletes nothing', async () => {
  const world = context('no');
  const [outcome] = await topicsDelete.run(world.context, { topics: ['orders'] }, { ...options, dryRun: true });
  assert.deepEqual(outcome, { topic: 'orders', status: 'valid', partitions: 1, records: 1n });
  assert.deepEqual([world.asked, world.deletions()], [[], []]);
});

test('a topic that is not there is not asked about', async () => {
  const world = context('no');
  const outcomes = await topicsDelete.run(world.context, { topics: ['nope'] }, options);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['failed'],
  );
  assert.deepEqual(world.asked, []);
});
