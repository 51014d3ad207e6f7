import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { ByteSink } from '../../../../src/base/bytes/byte-sink.ts';
import { allOf } from '../../../../src/records/store/bytes.ts';
import { appendKeyField, appendKeyNumber, readKeyField } from '../../../../src/records/store/ordered-key.ts';
import { SpillingStore } from '../../../../src/records/store/spilling-store.ts';
import { randomWork } from '../../../support/random-store.ts';

const hasDatabase = Boolean(process.getBuiltinModule('node:sqlite' as 'node:fs'));

describe('a store of more keys than memory', () => {
  it('gives what was set, in the order of keys, while memory holds it', () => {
    for (let seed = 100; seed < 130; seed++) randomWork(seed, 3000, 64 << 20);
  });

  it('gives the same when most of it is on disk, in the runtime of the binary', () => {
    const script = new URL('../../../support/random-store.ts', import.meta.url).pathname;
    const bun = new URL('../../../../node_modules/.bin/bun', import.meta.url).pathname;
    const output = execFileSync(bun, [script, 'run'], { encoding: 'utf8' });
    assert.match(output, /^on disk: [1-9]\d*\n$/);
  });

  it('says which program to use where the runtime has no database', { skip: hasDatabase }, () => {
    const store = new SpillingStore({ what: 'kt table', memoryBytes: 1 << 20 });
    const fill = (): void => {
      for (let number = 0; number < 100_000; number++) store.set(allOf(Buffer.from(`key-${number}`)), allOf(Buffer.alloc(50)));
    };
    assert.throws(fill, { kind: 'refused', code: 'OUT_OF_MEMORY', message: /^kt table has more keys than its memory holds/ });
  });

  it('replaces values of any length many times in the memory that it has', () => {
    const store = new SpillingStore({ what: 'the test', memoryBytes: 8 << 20 });
    for (let round = 0; round < 300; round++) {
      for (let number = 0; number < 100; number++) {
        store.set(allOf(Buffer.from(`key-${number}`)), allOf(Buffer.alloc((round * 37 + number) % 3000, round)));
      }
    }
    assert.equal(store.isOnDisk, false);
    const value = new ByteSink(16);
    assert.equal(store.get(allOf(Buffer.from('key-7')), value), true);
    assert.equal(value.buf[0], 299 % 256);
    assert.equal([...store.entries()].length, 100);
  });

  it('has room for ever new keys, as long as the old ones are deleted', () => {
    const store = new SpillingStore({ what: 'the test', memoryBytes: 4 << 20 });
    const keyOf = (number: number) => allOf(Buffer.from(`key-${String(number).padStart(6, '0')}`));
    const value = allOf(Buffer.alloc(50));
    for (let number = 0; number < 100_000; number++) {
      store.set(keyOf(number), value);
      store.delete(keyOf(number - 1_000));
    }
    for (let number = 100_000; number < 200_000; number++) {
      store.set(keyOf(number), value);
      if (number % 1_000 === 0) store.deleteThrough(keyOf(number - 1_000));
    }
    assert.equal(store.isOnDisk, false);
    assert.equal([...store.entries()].length, 1_999);
  });
});

describe('fields of keys', () => {
  const encoded = (...fields: readonly (string | number)[]): Buffer => {
    const sink = new ByteSink(4);
    for (const field of fields) {
      if (typeof field === 'number') appendKeyNumber(sink, field);
      else appendKeyField(sink, Buffer.from(field, 'latin1'), 0, field.length);
    }
    return Buffer.from(sink.buf.subarray(0, sink.length));
  };

  it('sort as the fields do, and can be read again', () => {
    const texts = [
      '',
      '\0',
      '\0\0',
      '\0\x01',
      '\0\xff',
      '\x01',
      'a',
      'a\0',
      'a\0\0\0\x01',
      'a\0b',
      'a\x01',
      'ab',
      '\xff',
      '\xff\xff',
    ];
    const keys = texts.flatMap((text) => [0, 5, 2 ** 31].map((number) => ({ text, number, bytes: encoded(text, number) })));
    const sorted = keys.toSorted((a, b) => a.bytes.compare(b.bytes));
    const wanted = keys.toSorted(
      (a, b) => Buffer.from(a.text, 'latin1').compare(Buffer.from(b.text, 'latin1')) || a.number - b.number,
    );
    assert.deepEqual(sorted, wanted);
    const sink = new ByteSink(1);
    for (const { text, number, bytes } of keys) {
      const end = readKeyField(bytes, 0, sink);
      assert.equal(sink.buf.toString('latin1', 0, sink.length), text);
      assert.equal(bytes.readUInt32BE(end), number);
    }
  });
});
