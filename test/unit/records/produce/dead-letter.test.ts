/** What was not written: which records are kept, and that they come back to the byte. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { KtError } from '../../../../src/base/errors.ts';
import { RecordBatches } from '../../../../src/kafka/batch/reader.ts';
import { encodeHeaders } from '../../../../src/kafka/batch/record-headers.ts';
import { BatchWriter } from '../../../../src/kafka/batch/writer.ts';
import type { Unwritten } from '../../../../src/kafka/produce/options.ts';
import { DeadLetter } from '../../../../src/records/produce/dead-letter.ts';
import { lineRecords } from '../../../../src/records/produce/line-records.ts';
import { produceRecords } from '../../../../src/records/produce/produce.ts';
import { emptyInputRecord } from '../../../../src/records/produce/record-input.ts';
import type { ProduceRequest } from '../../../../src/records/produce/request.ts';
import { linesOfText, splitter } from '../../../../src/records/produce/split.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';
import { fieldsOf } from '../../../support/record-fields.ts';
import { jsonReader } from './json-reader.ts';

const directory = mkdtempSync(join(tmpdir(), 'kt-dead-letter-'));
after(() => rmSync(directory, { recursive: true }));
const newFile = (): string => join(directory, randomUUID());

interface Content {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
  readonly timestamp: number;
}

function unwritten(contents: readonly Content[]): Unwritten {
  const writer = new BatchWriter();
  for (const { key, value, headers, timestamp } of contents) {
    writer.append({
      ...fieldsOf(key, value),
      headers: encodeHeaders(headers.map((header) => ({ key: Buffer.from(header.key), value: header.value }))),
      timestamp,
    });
  }
  const batches = new RecordBatches({ topic: 'orders', partition: 3, records: writer.finish('none'), startOffset: 0n });
  return {
    topic: 'orders',
    partition: 3,
    lines: contents.map((_, line) => line),
    maybeWritten: false,
    each: (visit) => batches.each(visit),
  };
}

test('whatever bytes a record holds, produce -i json reads the same from the file', () => {
  const bytes = fc.option(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
    ),
  );
  const content = fc.record<Content>({
    key: bytes,
    value: bytes,
    headers: fc.array(fc.record({ key: fc.string({ unit: 'grapheme' }), value: bytes }), { maxLength: 3 }),
    timestamp: fc.integer({ min: 0, max: 4e12 }),
  });
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 5 }), (contents) => {
      const file = new DeadLetter(newFile());
      file.keep(unwritten(contents));
      file.close();
      const lines = readFileSync(file.path, 'utf8').split('\n').slice(0, -1);
      const read = jsonReader({ partitionFromInput: true });
      assert.equal(lines.length, contents.length);
      for (const [index, { key, value, headers, timestamp }] of contents.entries()) {
        const record = emptyInputRecord();
        const line = Buffer.from(lines[index]!);
        read(record, line, 0, line.length);
        const part = (from: Buffer, start: number, end: number) => (start < 0 ? null : [...from.subarray(start, end)]);
        assert.deepEqual(part(record.key, record.keyStart, record.keyEnd), key && [...key]);
        assert.deepEqual(part(record.value, record.valueStart, record.valueEnd), value && [...value]);
        assert.deepEqual([record.timestamp, record.partition], [timestamp, 3]);
        const expected = headers.map((header) => ({ key: Buffer.from(header.key), value: header.value }));
        assert.deepEqual(record.headers, headers.length === 0 ? undefined : encodeHeaders(expected));
      }
    }),
  );
});

test('without anything to keep there is no file; one that exists, or cannot be, is refused beforehand', () => {
  const file = new DeadLetter(newFile());
  file.close();
  assert.ok(!existsSync(file.path));
  writeFileSync(file.path, 'kept earlier');
  assert.throws(() => new DeadLetter(file.path), { kind: 'usage', message: /already exists/ });
  assert.throws(() => new DeadLetter(join(newFile(), 'below')), { kind: 'usage', message: /cannot create a file/ });
  assert.equal(readFileSync(file.path, 'utf8'), 'kept earlier');
});

test('a file that turns out not to be writable is reported at the end', () => {
  const file = new DeadLetter(newFile());
  writeFileSync(file.path, 'came in between');
  file.keep(unwritten([{ key: null, value: null, headers: [], timestamp: 0 }]));
  assert.throws(() => file.close(), { kind: 'bug', code: 'EEXIST', message: /lacks records/ });
});

function request(): ProduceRequest {
  return {
    topic: 'orders',
    split: (onPiece) => splitter(linesOfText, onPiece),
    lines: undefined,
    read: lineRecords({ keySeparator: undefined, nullMarker: undefined, fixedKey: undefined }),
    headers: undefined,
    partition: 0,
    timestamp: undefined,
    partitioner: 'java',
    delivery: {
      acks: -1,
      idempotent: true,
      compression: 'gzip',
      retries: 0,
      deliveryTimeoutMs: 1000,
      transactionalId: undefined,
    },
    transactionSize: undefined,
    recordsPerSecond: undefined,
    severalTopics: false,
  };
}

const InitProducerId: Answerer = () => ({ errorCode: 0, producerId: 1n, producerEpoch: 0 });

async function* twoChunks(): AsyncGenerator<Buffer> {
  yield Buffer.from('one\ntwo\n');
  yield Buffer.from('three\n');
}

async function keptFrom(Produce: Answerer, signal: AbortSignal, file: DeadLetter): Promise<unknown> {
  const cluster = fakeCluster({ topics: () => ({ orders: [1] }), answers: { InitProducerId, Produce }, signal });
  const ended = await produceRecords(cluster, request(), twoChunks(), {
    signal,
    reports: undefined,
    onFailed: () => {},
    onUnwritten: file.keep,
    onInterrupted: () => {},
  }).catch((error: unknown) => error);
  file.close();
  return ended;
}

const valuesIn = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).value);

test('records that the broker refuses are kept in order, out of a compressed batch too', async () => {
  const denied = 29;
  const file = new DeadLetter(newFile());
  const Produce: Answerer = () => ({
    responses: [
      {
        name: 'orders',
        partitionResponses: [{ index: 0, errorCode: denied, errorMessage: null, recordErrors: [], baseOffset: -1n }],
      },
    ],
  });
  const summary = await keptFrom(Produce, new AbortController().signal, file);
  assert.equal((summary as { failed: number }).failed, 3);
  assert.deepEqual(valuesIn(file.path), ['one', 'two', 'three']);
});

test('after an interruption what is under way and what was not sent yet is kept', async () => {
  const interruption = new AbortController();
  const file = new DeadLetter(newFile());
  const Produce: Answerer = () => {
    interruption.abort(new KtError('interrupted', 'interrupted'));
    return new Promise(() => {});
  };
  const ended = await keptFrom(Produce, interruption.signal, file);
  assert.equal((ended as KtError).kind, 'interrupted');
  assert.deepEqual(valuesIn(file.path).slice(0, 2), ['one', 'two']);
});
