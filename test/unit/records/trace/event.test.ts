/** What a trace shows of a record's value: bytes that are no text only as base64. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordView } from '../../../../src/kafka/batch/record.ts';
import { compileExpression } from '../../../../src/records/expression/compile.ts';
import type { RecordScope } from '../../../../src/records/expression/scope.ts';
import { makeSerde } from '../../../../src/records/serde/json.ts';
import { traceEvent } from '../../../../src/records/trace/event.ts';

async function shown(bytes: Buffer) {
  const record = { topic: 'orders', partition: 0, bytes, valueStart: 0, valueEnd: bytes.length } as unknown as RecordView;
  const scope = { timestamp: 1, offset: 2, key: null, value: makeSerde().decode(bytes, 0, bytes.length) } as RecordScope;
  const { value, valueEncoding } = traceEvent(record, scope, await compileExpression('--type', 'value.type'));
  return [value, valueEncoding];
}

test('text that holds U+FFFD is text, as JSON too; bytes that are no UTF-8 are base64', async () => {
  assert.deepEqual(await shown(Buffer.from('a\uFFFDb')), ['a\uFFFDb', undefined]);
  assert.deepEqual(await shown(Buffer.from('"a\uFFFDb"')), ['a\uFFFDb', undefined]);
  assert.deepEqual(await shown(Buffer.from('"a\\ufffdb"')), ['a\uFFFDb', undefined]);
  assert.deepEqual(await shown(Buffer.from([0x61, 0xff])), ['Yf8=', 'base64']);
});

test('so are keys: those that are no text are base64', async () => {
  const keyed = async (key: Buffer) => {
    const record = { topic: 'orders', partition: 0, bytes: key, keyStart: 0, keyEnd: key.length, valueStart: -1, valueEnd: -1 };
    const scope = { timestamp: 1, offset: 2, key: key.toString(), value: null } as RecordScope;
    const event = traceEvent(record as unknown as RecordView, scope, await compileExpression('--type', 'value.type'));
    return [event.key, event.keyEncoding];
  };
  assert.deepEqual(await keyed(Buffer.from('a\uFFFD')), ['a\uFFFD', undefined]);
  assert.deepEqual(await keyed(Buffer.from([0xff])), ['/w==', 'base64']);
});
