import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteSink } from '../../../src/base/bytes/byte-sink.ts';
import type { RecordView } from '../../../src/kafka/batch/record.ts';
import { withNotes } from '../../../src/render/records/notes.ts';

const notes = {
  lines: () => [{ text: 'app \u001b[2J at 10.0.0.1', strong: true }],
  fields: () => ({ group: 'billing\u0007', committedOffset: 9007199254740993n, host: null }),
};

async function shown(style: 'pretty' | 'json' | 'value', text: string): Promise<string> {
  const sink = new ByteSink(64);
  const append = await withNotes(() => sink.utf8(text), style, notes, sink, false);
  append({} as RecordView);
  return sink.buf.toString('utf8', 0, sink.length);
}

test('lines stand before a record on a screen, and cannot act on it', async () => {
  const text = await shown('pretty', 'orders 0:1\n');
  assert.ok(text.endsWith('\norders 0:1\n'));
  assert.ok(!text.includes('\u001b'), text);
});

test('fields are added to the JSON line of a record, exact ones', async () => {
  const line = await shown('json', '{"topic":"orders"}\n');
  assert.equal(line, '{"topic":"orders","group":"billing\\u0007","committedOffset":9007199254740993,"host":null}\n');
});

test('a style that gives what the record is gives nothing else', async () => {
  assert.equal(await shown('value', 'hello\n'), 'hello\n');
});
