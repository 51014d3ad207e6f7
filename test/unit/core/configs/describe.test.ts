import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { eachTopicConfigs } from '../../../../src/core/configs/topic-configs.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';

const topics = Array.from({ length: 1100 }, (_, index) => `t${index}`);

const answer: Answerer = (body) => ({
  // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
  results: body.resources.map(({ resourceType, resourceName }: any) => ({
    resourceType,
    resourceName,
    errorCode: 0,
    errorMessage: null,
    configs: [],
  })),
});

async function visited(given: Answerer, names = topics) {
  const cluster = fakeCluster({ answers: { DescribeConfigs: given } });
  const seen: string[] = [];
  await eachTopicConfigs(cluster, names, (topic) => void seen.push(topic));
  return { seen, targets: cluster.sent.map(({ target }) => target) };
}

test('the configs of many topics come from all brokers at once, each topic once', async () => {
  const { seen, targets } = await visited(answer);
  assert.deepEqual(seen.sort(), [...topics].sort());
  assert.equal(targets.length, 5);
  assert.deepEqual(targets.slice(0, 3), [{ broker: 1 }, { broker: 2 }, { broker: 3 }]);
});

test('few topics are one request to any broker', async () => {
  assert.deepEqual((await visited(answer, ['a'])).targets, ['any']);
  assert.deepEqual((await visited(answer, [])).targets, []);
});

test('another broker stands in for one that is lost', async () => {
  const { seen } = await visited((body, target, tries) => {
    if (target !== 'any' && (target as { broker: number }).broker === 2) throw new KtError('connection', 'lost');
    return answer(body, target, tries);
  });
  assert.deepEqual(seen.sort(), [...topics].sort());
});

test('when every broker is lost, that is the error', async () => {
  const lost = () => {
    throw new KtError('connection', 'lost');
  };
  await assert.rejects(visited(lost), { kind: 'connection' });
});
