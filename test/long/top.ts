/**
 * `kt top` on 2,000 topics with 10,000 partitions and 500 groups, on three brokers, of which one is killed and comes back: true all the time, first
 * screen within 0.5 s, below 150 MB, and at most two requests a second and broker, counted at proxies.
 *
 *   npm run test:top [topics] [groups]
 */
import assert from 'node:assert/strict';
import { ownCluster } from '../support/clusters.ts';
import { endings } from '../support/endings.ts';
import { Tmux } from '../support/tmux.ts';
import { watchOutage } from '../support/top-outage.ts';

const topics = Number(process.argv[2] ?? 2_000);
const groups = Number(process.argv[3] ?? 500);

const { during, end } = endings();
try {
  const tmux = new Tmux();
  during.after(() => tmux.close());
  const cluster = await ownCluster(during, { brokers: 3, serverConfig: { 'log.index.size.max.bytes': '65536' } });
  const cost = await watchOutage(cluster, 'top', { topics, partitions: 5, replicated: topics / 10, groups }, tmux);
  console.log(cost);
  assert.ok(cost.firstScreenMs < 500, 'the first screen is late');
  assert.ok(cost.slowestKeyMs < 1_000, 'a key is slow');
  assert.ok(cost.peakBytes < 150e6, 'too much memory');
  assert.ok(cost.mostInTenSeconds <= 20, 'too many requests');
  assert.ok(cost.mostInASecond <= 2, 'too many requests at once');
  assert.ok(cost.mostSentInASecond <= 2, 'too many requests at once, when they were sent');
} finally {
  await end();
}
