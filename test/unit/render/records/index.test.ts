import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { FetchedRecords } from '../../../../src/kafka/batch/record.ts';
import type { Serde } from '../../../../src/records/serde/serde.ts';
import { renderRecords } from '../../../../src/render/records/index.ts';
import type { RecordOutput } from '../../../../src/render/records/output.ts';
import { batch, format, rendered, stream, view } from './records.ts';

const pipe = { terminal: false, color: false, columns: 80 };

test('values come out byte for byte, a line each, null and empty ones as an empty line', async () => {
  const binary = Buffer.from([0xff, 0xfe, 0, 0x1b, 0x41]);
  const written = await rendered([{ key: 'k', value: 'first' }, { value: null }, { value: '' }, { value: binary }]);
  assert.deepEqual(written, Buffer.concat([Buffer.from('first\n\n\n'), binary, Buffer.from('\n')]));
});

test('a record that ends the reading leaves nothing behind the whole ones before it', async () => {
  const json: Serde = {
    name: 'avro',
    kind: 'json',
    takes: '',
    decode: () => undefined,
    write(_bytes, start, end, sink) {
      sink.ascii('{"cut');
      if (end - start > 3) throw new Error('it ends here');
      sink.ascii('"}');
      return true;
    },
    text: () => '',
    origin: () => ({ format: 'avro', schemaId: 1, type: 'R' }),
  };
  const pieces: string[] = [];
  const out: RecordOutput = {
    ...pipe,
    async write(bytes) {
      pieces.push(Buffer.from(bytes).toString());
    },
  };
  const changes = { style: 'json', valueFormat: 'avro', schemas: { serde: () => json } } as const;
  const rendering = renderRecords(stream([batch([{ value: 'ok' }, { value: 'damaged' }])], changes), out);
  await assert.rejects(rendering, /it ends here/);
  const written = pieces.join('');
  assert.equal(written.split('\n').length, 2, written);
  assert.match(written, /"value":\{"cut"\},.*\}\n$/);
});

test('a batch is one write, and the next batch is asked for only when that was accepted', async () => {
  const events: string[] = [];
  let accept = () => {};
  async function* batches(): AsyncGenerator<FetchedRecords> {
    for (const name of ['a', 'b', 'c']) {
      events.push(`pull ${name}`);
      yield batch([{ value: name }, { value: name }]);
    }
  }
  const out: RecordOutput = {
    ...pipe,
    write(bytes) {
      events.push(`write ${Buffer.from(bytes).toString().trim().replace('\n', ' ')}`);
      return new Promise((resolve) => {
        accept = () => {
          events.push('accepted');
          resolve();
        };
      });
    },
  };
  const done = renderRecords({ batches: batches(), format: format({}) }, out);
  for (let round = 0; round < 3; round++) {
    while (!events.at(-1)?.startsWith('write')) await setImmediate();
    await setImmediate();
    accept();
  }
  await done;
  assert.deepEqual(
    events,
    ['a', 'b', 'c'].flatMap((name) => [`pull ${name}`, `write ${name} ${name}`, 'accepted']),
  );
});

test('where the next batch is there at once it is formatted while the last one is written, and no further ahead', async () => {
  const events: string[] = [];
  const accepts: (() => void)[] = [];
  async function* batches(): AsyncGenerator<FetchedRecords> {
    for (const name of ['a', 'b', 'c']) {
      events.push(`pull ${name}`);
      yield batch([{ value: name }]);
    }
    events.push('end');
  }
  const out: RecordOutput = {
    ...pipe,
    write(bytes) {
      const name = Buffer.from(bytes).toString().trim();
      events.push(`write ${name}`);
      return new Promise((resolve) => {
        accepts.push(() => {
          events.push(`accepted ${name}`);
          resolve();
        });
      });
    },
  };
  const isNextReady = () => !events.includes('write c');
  const done = renderRecords({ batches: batches(), format: format({}), isNextReady }, out).then(() => events.push('done'));
  for (const last of ['write b', 'write c', 'write c']) {
    while (events.findLast((event) => event.startsWith('write')) !== last) await setImmediate();
    await setImmediate();
    accepts.shift()!();
  }
  await done;
  assert.deepEqual(events, [
    ...['pull a', 'write a', 'pull b', 'write b', 'accepted a', 'pull c', 'write c', 'accepted b', 'accepted c', 'end'],
    'done',
  ]);
});

test('a pipe that closes while the next batch is formatted ends the stream, with all that was being written', async () => {
  let pulled = 0;
  async function* batches(): AsyncGenerator<FetchedRecords> {
    for (;;) {
      pulled++;
      yield batch([{ value: 'x' }]);
    }
  }
  const out: RecordOutput = { ...pipe, write: () => setImmediate().then(() => Promise.reject(new Error('EPIPE'))) };
  await assert.rejects(renderRecords({ batches: batches(), format: format({}), isNextReady: () => true }, out), /EPIPE/);
  assert.equal(pulled, 2);
});

test('a batch of many megabytes is written in pieces, in order, and none changes before it was accepted', async () => {
  const values = Array.from({ length: 5000 }, (_, index) => `${index}:${'x'.repeat(1000)}`);
  const pieces: { bytes: Uint8Array; copy: Buffer }[] = [];
  const out: RecordOutput = {
    ...pipe,
    async write(bytes) {
      const piece = { bytes, copy: Buffer.from(bytes) };
      pieces.push(piece);
      await setImmediate();
      assert.ok(piece.copy.equals(piece.bytes), 'a buffer was reused before its write ended');
    },
  };
  const records = values.map((value) => ({ value }));
  await renderRecords(stream([batch(records), batch(records)]), out);
  assert.ok(pieces.length >= 10 && pieces.length < 20, `${pieces.length} writes`);
  const expected = `${values.join('\n')}\n`;
  assert.ok(Buffer.concat(pieces.map(({ copy }) => copy)).equals(Buffer.from(expected + expected)));
});

test('a record larger than any buffer comes out whole', async () => {
  const value = Buffer.alloc(5_000_000, 'abcdefg');
  assert.ok(
    (await rendered([{ value: 'before' }, { value }, { value: 'after' }])).equals(Buffer.from(`before\n${value}\nafter\n`)),
  );
});

test('a partition without records writes nothing', async () => {
  assert.equal((await rendered([])).length, 0);
});

test('what was read before a corrupt batch is written, then its error comes out', async () => {
  const written: string[] = [];
  const corrupt: FetchedRecords = {
    topic: 'orders',
    each(visit) {
      visit(view({ value: 'whole' }));
      throw new Error('corrupt');
    },
  };
  const out: RecordOutput = { ...pipe, write: async (bytes) => void written.push(Buffer.from(bytes).toString()) };
  await assert.rejects(renderRecords(stream([corrupt]), out), /corrupt/);
  assert.deepEqual(written, ['whole\n']);
});

test('a closed pipe ends the stream and closes its source', async () => {
  let closed = false;
  async function* batches(): AsyncGenerator<FetchedRecords> {
    try {
      for (;;) yield batch([{ value: 'x' }]);
    } finally {
      closed = true;
    }
  }
  const out: RecordOutput = { ...pipe, write: () => Promise.reject(new Error('EPIPE')) };
  await assert.rejects(renderRecords({ batches: batches(), format: format({}) }, out), /EPIPE/);
  assert.ok(closed);
});
