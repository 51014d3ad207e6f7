/** `kt top` while one of three brokers is killed and comes back; the long form, with 10,000 partitions: `npm run test:top`. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { brokenCluster } from '../support/clusters.ts';
import { ktOn } from '../support/kt-on.ts';
import { terminalUnavailable } from '../support/terminal.ts';
import { Tmux } from '../support/tmux.ts';
import { watchOutage } from '../support/top-outage.ts';

const cluster = await brokenCluster();
const tmux = new Tmux();
after(() => tmux.close());

test('kt top is usable and true while a broker is gone, and asks no broker more than twice a second', {
  skip: terminalUnavailable,
}, async (t) => {
  const name = `top-${randomUUID().slice(0, 8)}`;
  const { done } = ktOn(cluster);
  t.after(async () => {
    await done(['groups', 'delete', `${name}-*`, '--yes']);
    await done(['topics', 'delete', `${name}-*`, '--yes']);
  });
  const cost = await watchOutage(cluster, name, { topics: 100, partitions: 3, replicated: 50, groups: 20 }, tmux);
  t.diagnostic(JSON.stringify(cost));
  assert.equal(cost.mostSentInASecond, 2);
  // Networks and timers are not exact, but they do not add up.
  assert.ok(cost.mostInTenSeconds <= 22, `${cost.mostInTenSeconds} requests to a broker in 10 s`);
});
