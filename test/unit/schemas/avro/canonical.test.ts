/** Canonical forms and fingerprints, by Avro's own cases. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { canonicalForm, fingerprint64, parseAvro } from '../../../../src/schemas/avro/index.ts';

const cases = readFileSync(new URL('data/schema-tests.txt', import.meta.url), 'utf8')
  .split(/^<<INPUT\s/m)
  .slice(1)
  .map((text) => {
    const [, input, canonical, fingerprint] = /^([\s\S]*?)\n(?:INPUT\n)?<<canonical (.*)\n(?:<<fingerprint (.*))?/.exec(text)!;
    return { input: input!, canonical: canonical!, fingerprint };
  });

describe("Avro's cases", () => {
  test('there are as many as the file numbers', () => assert.equal(cases.length, 34));
  for (const { input, canonical, fingerprint } of cases) {
    test(input, () => {
      const schema = parseAvro(input);
      assert.equal(canonicalForm(schema), canonical);
      if (fingerprint !== undefined) assert.equal(BigInt.asIntN(64, fingerprint64(schema)), BigInt(fingerprint));
    });
  }
});

test("a schema that Java's Avro took the fingerprint of", () => {
  const schema = parseAvro(
    '{"type":"record","name":"R","namespace":"a.b","fields":[{"name":"x","type":"int"},{"name":"next","type":["null","R"]}]}',
  );
  assert.equal(
    canonicalForm(schema),
    '{"name":"a.b.R","type":"record","fields":[{"name":"x","type":"int"},{"name":"next","type":["null","a.b.R"]}]}',
  );
  assert.equal(fingerprint64(schema), 0xa1969218dfa8beddn);
  assert.equal(fingerprint64(parseAvro('"int"')), 0x7275d51a3f395c8fn);
});
