/** `kt complete`: what one broker does not answer in time is missing, the rest is offered. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { complete } from '../../../src/commands/complete.ts';
import type { Context } from '../../../src/context.ts';
import { fakeCluster } from '../../support/fake-cluster.ts';

/** What is offered by a cluster of three brokers, half a second after the start of the process at the latest. */
async function offered(
  kind: 'group' | 'topic' | 'topic-config-key',
  answers: Parameters<typeof fakeCluster>[0],
): Promise<string> {
  const now = mock.method(performance, 'now', () => 50);
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const context = { clusterOnDemand: async () => fakeCluster(answers), env: {} } as unknown as Context;
    const answer = complete.run(context, { kind, of: undefined }, {});
    // The brokers that answer do so at once.
    await new Promise(setImmediate);
    mock.timers.tick(400);
    return (await answer) as string;
  } finally {
    mock.timers.reset();
    now.mock.restore();
  }
}

const groups = (...names: readonly string[]) => ({ errorCode: 0, groups: names.map((groupId) => ({ groupId })) });

test('a broker that never answers hides its own groups only', async () => {
  const ListGroups = (_: unknown, target: unknown) =>
    (target as { broker: number }).broker === 2 ? new Promise(() => {}) : groups(`of-${(target as { broker: number }).broker}`);
  assert.equal(await offered('group', { answers: { ListGroups } }), 'of-1\nof-3\n');
});

test('a broker that refuses to list hides its own groups only', async () => {
  const ListGroups = (_: unknown, target: unknown) => {
    const { broker } = target as { broker: number };
    if (broker === 1) throw new Error('gone');
    return groups(`of-${broker}`);
  };
  assert.equal(await offered('group', { answers: { ListGroups } }), 'of-2\nof-3\n');
});

test('names of configs of topics need no broker', async () => {
  assert.match(await offered('topic-config-key', {}), /^cleanup\.policy\n/);
});
