/** Every record on its way is found again by its number, however filters and partitions cut the runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Origins, originText } from '../../../../src/records/pipe/origins.ts';

test('each number leads to the record that it was given for', () => {
  const steps = fc.array(fc.record({ partition: fc.nat(2), skipped: fc.nat(2), unnumbered: fc.nat(1) }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const origins = new Origins();
      const next = [0, 100, 200];
      const given = new Map<number, string>();
      let line = 0;
      for (const { partition, skipped, unnumbered } of all) {
        const offset = next[partition]! + skipped;
        next[partition] = offset + 1;
        line += 1 + unnumbered;
        const origin = { topic: 'orders', partition, offset };
        origins.add(origin, line);
        given.set(line, originText(origin));
      }
      for (const [each, text] of given) assert.equal(originText(origins.of(each)), text);
    }),
  );
});

test('a batch without gaps is one run, and what is forgotten takes no room', () => {
  const origins = new Origins();
  for (let offset = 0; offset < 1_000; offset++) origins.add({ topic: 'orders', partition: 0, offset }, offset + 1);
  assert.equal(origins.size, 1);
  origins.clear();
  assert.equal(origins.size, 0);
  origins.add({ topic: 'orders', partition: 0, offset: 1_000 }, 1_001);
  assert.equal(originText(origins.of(1_001)), 'orders:0 at offset 1000');
});
