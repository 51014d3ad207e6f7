/** What the options on formats and schemas ask for together, and which of them would do nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldReading } from '../../../../src/commands/reading/field-reading.ts';
import type { ReadingOptions } from '../../../../src/commands/reading/options.ts';
import type { Context } from '../../../../src/context.ts';

/** Without a registry. */
const context = { registry: async () => undefined } as unknown as Context;
const none = { protoPath: [], rawLogical: false, avroJson: false } as unknown as ReadingOptions;
const asBytes = { showsMeaning: false, looksInside: false };
const asMeaning = { showsMeaning: true, looksInside: false };

test('a format that schemas say is refused where nothing says the schemas', async () => {
  for (const valueFormat of ['schema', 'avro', 'protobuf', 'json-schema'] as const) {
    await assert.rejects(fieldReading(context, { ...none, valueFormat }, asBytes), {
      message: `--value-format ${valueFormat} (nothing says the schemas)`,
    });
  }
  await assert.rejects(fieldReading(context, { ...none, keyFormat: 'avro' }, asBytes), /--key-format avro/);
});

test('options on reading with a schema are refused where nothing is read with one', async () => {
  const idle: readonly Partial<ReadingOptions>[] = [
    { readerSchema: 'orders@1' },
    { rawLogical: true },
    { avroJson: true },
    { onDecodeError: 'skip' },
    { onDecodeError: 'raw', valueFormat: 'json' },
  ];
  for (const options of idle) {
    for (const reading of [asBytes, asMeaning]) {
      await assert.rejects(fieldReading(context, { ...none, ...options }, reading), /\(nothing is read with a schema\)$/);
    }
  }
  assert.equal((await fieldReading(context, none, asMeaning)).schemas, undefined);
});
