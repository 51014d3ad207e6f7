/** What a reading keeps in memory is counted and bounded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import { RecordBatches } from '../../../src/kafka/batch/reader.ts';
import { type CopiedRecord, RecordCopies } from '../../../src/records/copied-record.ts';
import { HeldBytes } from '../../../src/records/held-bytes.ts';
import { batchOf } from '../kafka/batch/fixtures.ts';

const kilobyte = 1 << 10;
const records = batchOf(40n, ['x'.repeat(100 * kilobyte)]);

function copyTo(copies: RecordCopies): CopiedRecord {
  let copied: CopiedRecord | undefined;
  new RecordBatches({ topic: 'orders', partition: 3, records, startOffset: 0n }).each((record) => {
    copied = copies.copy(record);
  });
  return copied!;
}

test('copies beyond one and a half times the bound are refused, with the record and the option that allows them', () => {
  const copies = new RecordCopies(new HeldBytes('--last 5', 256 * kilobyte));
  copyTo(copies);
  copyTo(copies);
  assert.throws(
    () => copyTo(copies),
    (error) => {
      assert.ok(error instanceof KtError);
      assert.equal(error.code, 'BATCH_TOO_LARGE');
      assert.equal(
        error.message,
        '--last 5 has to keep too much in memory (more than 384KiB with the record at offset 40 of orders:3)',
      );
      assert.equal(error.hint, 'ask for fewer records, or allow more memory, such as --max-batch-bytes 2MiB');
      return true;
    },
  );
});

test('copies that were dropped make room for others', () => {
  const held = new HeldBytes('--merge', 256 * kilobyte);
  const copies = new RecordCopies(held);
  for (let times = 0; times < 10; times++) held.drop([copyTo(copies)]);
  assert.equal(held.held, 0);
});
