/** Who is asked about which configs, and who is asked to change them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byTarget } from '../../../../src/core/configs/resource.ts';

test('a broker answers for its own configs; others are read from any broker, and changed by the controller alone', () => {
  const topic = { type: 'topic', name: 'orders' } as const;
  const all = { type: 'broker', name: '' } as const;
  const own = { type: 'broker', name: '2' } as const;
  const logger = { type: 'broker-logger', name: '2' } as const;
  const resources = [topic, own, all, logger];
  for (const others of ['any', 'controller'] as const) {
    assert.deepEqual(byTarget(resources, others), [
      [others, [topic, all]],
      [{ broker: 2 }, [own, logger]],
    ]);
  }
});
