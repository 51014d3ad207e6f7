/** A dry run of a pipe says too what it could not read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { previewOf } from '../../../../src/commands/pipe/outcome.ts';
import type { FieldReading } from '../../../../src/commands/reading/field-reading.ts';
import type { Context } from '../../../../src/context.ts';

test('what could not be read is told when the records were shown', async () => {
  const warnings: string[] = [];
  const context = { warn: (text: string) => warnings.push(text) } as unknown as Context;
  const reading = { schemas: { summary: '2 values could not be read' } } as unknown as FieldReading;
  async function* records() {
    yield [];
    assert.deepEqual(warnings, []);
  }
  for await (const rows of previewOf(context, records(), reading)) assert.deepEqual(rows, []);
  assert.deepEqual(warnings, ['2 values could not be read']);
});
