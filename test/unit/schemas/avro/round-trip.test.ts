/** What kt shows of a datum, it takes back: the same bytes, whatever the schema. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { randomOf } from '../../../fuzz/random.ts';
import { RandomAvro } from '../../../support/random-avro.ts';
import { compiled, jsonOf, styles } from './support.ts';

describe('any schema, any datum', () => {
  for (const [name, style] of Object.entries(styles)) {
    test(`style ${name}: JSON that is read back gives the same bytes`, () => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const random = new RandomAvro(randomOf(seed));
          const schema = random.schema();
          const codec = compiled(schema, style);
          for (let turn = 0; turn < 4; turn++) {
            const datum = random.datum(schema);
            const json = jsonOf(codec, datum);
            assert.doesNotThrow(() => JSON.parse(json), json);
            assert.deepEqual(codec.encode(json), datum, `${JSON.stringify(schema)}\n${json}`);
          }
        }),
        { numRuns: 700 },
      );
    });
  }
});
