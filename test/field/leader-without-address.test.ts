/** A leader whose name cannot be resolved: what was never sent is not said to have perhaps been written, and reading ends in time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { kt } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';

for (const { version, bootstrapServers } of await testClusters()) {
  test(`Kafka ${version} names a leader that nobody can find: produce gives up after --delivery-timeout, and says that nothing was sent`, async () => {
    const direct = ktOn({ bootstrapServers }, 'binary');
    const topic = await direct.newTopic();
    const port = bootstrapServers.split(':').at(-1);
    const lost = [
      '-b',
      `127.0.0.1:${port}`,
      '--address-map',
      `localhost:${port}=no-such-host.invalid:9092`,
      '--timeout',
      '10s',
    ];
    const startedAt = performance.now();
    const args = ['produce', topic, '-m', 'a', '-m', 'b', '--acks', '1', '--delivery-timeout', '3s', ...lost];
    const { code, stderr } = await kt(args, { program: 'binary' });
    assert.equal(code, 3, stderr);
    assert.match(stderr, /host name \S+ not found/);
    assert.doesNotMatch(stderr, /may have been written/);
    assert.ok(performance.now() - startedAt < 50_000, 'it does not wait for longer than it may');
    assert.deepEqual(await direct.values(topic), []);
  });
}
