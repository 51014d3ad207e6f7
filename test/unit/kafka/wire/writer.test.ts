/** Stories of the writer: what was written is there, wherever its buffer had to grow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reader } from '../../../../src/kafka/wire/reader.ts';
import { Writer } from '../../../../src/kafka/wire/writer.ts';

test('a varint that makes the buffer grow is not lost, at any position', () => {
  for (let before = 0; before <= 70; before++) {
    const writer = new Writer(64);
    for (let index = 0; index < before; index++) writer.int8(7);
    writer.uvarint(0xabcdef);
    writer.int8(9);
    const reader = new Reader(writer.written(), before);
    assert.equal(reader.uvarint(), 0xabcdef, `after ${before} bytes`);
    assert.equal(reader.int8(), 9, `after ${before} bytes`);
  }
});
