/** JSON lines that a kernel makes: byte for byte those of the code that goes record by record. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { RecordBatches } from '../../../../src/kafka/batch/reader.ts';
import type { FetchedRecords } from '../../../../src/kafka/batch/record.ts';
import { renderRecords } from '../../../../src/render/records/index.ts';
import { checkLines, type LineRecord, lineBatch } from '../../../support/random-lines.ts';
import { stream } from './records.ts';

test('whatever is in a batch, its lines are the same, in Node', () => {
  const { byKernel, oneByOne } = checkLines(200);
  assert.ok(oneByOne - byKernel > 200, `${byKernel} of ${oneByOne} were visited`);
});

test('and in the runtime of the binary', () => {
  const script = new URL('../../../support/random-lines.ts', import.meta.url).pathname;
  const bun = new URL('../../../../node_modules/.bin/bun', import.meta.url).pathname;
  const [, byKernel, oneByOne] = /^visited (\d+) of (\d+)\n$/.exec(execFileSync(bun, [script, 'run'], { encoding: 'utf8' }))!;
  assert.ok(Number(oneByOne) - Number(byKernel) > 200, `${byKernel} of ${oneByOne} were visited`);
});

function read(records: Buffer): RecordBatches {
  return new RecordBatches({ topic: 'orders', partition: 2, records, startOffset: 0n, checkCrcs: false });
}

/** What is written for the batches. */
async function written(batches: readonly FetchedRecords[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await renderRecords(stream(batches, { style: 'json' }), {
    terminal: false,
    color: false,
    columns: 80,
    async write(bytes) {
      pieces.push(Buffer.from(bytes));
    },
  });
  return Buffer.concat(pieces);
}

/** The batches, and how many of their records were visited instead of taken. */
function counted(batches: readonly Buffer[]): { readonly batches: FetchedRecords[]; visited: number } {
  const count = {
    visited: 0,
    batches: batches.map((records): FetchedRecords => {
      const batch = read(records);
      const each: FetchedRecords['each'] = (visit, take) =>
        batch.each((record) => {
          count.visited++;
          return visit(record);
        }, take);
      return { topic: batch.topic, each };
    }),
  };
  return count;
}

function records(count: number, value: (index: number) => string): LineRecord[] {
  return Array.from({ length: count }, (_, index) => ({ key: Buffer.from(`key-${index}`), value: Buffer.from(value(index)) }));
}

test('a large topic of text is written by the kernel, but for the first records and the few that end a part', async () => {
  const many = Array.from({ length: 20 }, (_, index) =>
    lineBatch(
      records(2000, (at) => `{"order":${at}}`),
      BigInt(index * 2000),
    ),
  );
  const count = counted(many);
  const lines = (await written(count.batches)).toString().trimEnd().split('\n');
  assert.equal(lines.length, 40_000);
  assert.equal(
    lines[39_999],
    JSON.stringify({
      topic: 'orders',
      partition: 2,
      offset: 39_999,
      timestamp: 1_790_000_000_000,
      timestampType: 'CreateTime',
      headers: [],
      key: 'key-1999',
      value: '{"order":1999}',
    }),
  );
  assert.ok(count.visited > 0 && count.visited < 4000, `${count.visited} were visited`);
});

test('a few records are written without a kernel', async () => {
  const count = counted([lineBatch(records(100, String))]);
  await written(count.batches);
  assert.equal(count.visited, 100);
});

test('lines that need more than the memory of the kernel are the same', async () => {
  // Each byte becomes six, and all of it is one part.
  const batch = lineBatch(records(3000, () => '\x01'.repeat(2000)));
  const plain = read(batch);
  const lines = await written([plain]);
  assert.ok(lines.length > 35e6);
  assert.ok(lines.equals(await written([{ topic: 'orders', each: (visit) => plain.each(visit) }])));
});
