/** The same data in another library: avsc reads what kt shows to the same bytes, and kt takes what avsc shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import avsc from 'avsc';
import fc from 'fast-check';
import { randomOf } from '../../../fuzz/random.ts';
import { RandomAvro } from '../../../support/random-avro.ts';
import { compiled, jsonOf, styles } from './support.ts';

test('any schema that avsc knows, any datum', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = new RandomAvro(randomOf(seed), true);
      const schema = random.schema(4);
      const rival = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
      const kt = compiled(schema, styles.java);
      for (let turn = 0; turn < 4; turn++) {
        const datum = random.datum(schema);
        assert.deepEqual(rival.toBuffer(rival.fromString(jsonOf(kt, datum))), datum);
        assert.deepEqual(kt.encode(rival.toString(rival.fromBuffer(datum))), datum);
      }
    }),
    { numRuns: 700 },
  );
});
