/** Names where space is short: whoever reads them can tell them apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shortened } from '../../../src/base/shorten.ts';

test('a long name loses its middle, and what fits stays whole', () => {
  assert.deepEqual(shortened(['orders', 'payments-of-all-regions-v2'], 11), ['orders', 'payme…ns-v2']);
  assert.deepEqual(
    shortened(['a sentence that goes on and on'], 10),
    ['a sentence that goes on and on'],
    'prose is cut at its end',
  );
});

test('names that differ only in their middle show where', () => {
  const names = [1, 2, 3].map((region) => `payments.service.events.of.region.${region}.for.everybody.who.wants.them.v1`);
  const short = shortened(names, 20);
  assert.equal(new Set(short).size, 3, short.join(' '));
  for (const [index, text] of short.entries()) {
    assert.ok(text.length <= 20, text);
    assert.ok(text.includes(String(index + 1)), text);
    assert.ok(text.startsWith('p'), text);
  }
});

test('whatever the names, none is too long, equal ones stay equal, and different ones are hardly ever the same', () => {
  const part = fc.constantFrom('alpha', 'beta', 'x', '0', '1', 'a-rather-long-part');
  const name = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(fc.array(name, { minLength: 2, maxLength: 6 }), fc.integer({ min: 24, max: 40 }), (names, width) => {
      const short = shortened(names, width);
      for (const text of short) assert.ok(text.length <= width, text);
      assert.equal(new Set(short).size, new Set(names).size, short.join('\n'));
    }),
  );
});
