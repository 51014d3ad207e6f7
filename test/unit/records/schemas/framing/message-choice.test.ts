import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  choiceEnd,
  encodeMessageIndexes,
  type MessageChoice,
  readMessageChoice,
} from '../../../../../src/records/schemas/framing/message-choice.ts';

function read(hex: string): readonly [MessageChoice | undefined, rest: string] {
  const bytes = Buffer.from(`ff${hex}`, 'hex');
  const choice = readMessageChoice(bytes, 1, bytes.length);
  return [choice, bytes.toString('hex', choice === undefined ? 1 : choiceEnd)];
}

test("what Confluent's serializers write for each message is read, and written the same", () => {
  const written: readonly (readonly [string, readonly number[]])[] = [
    ['00', [0]],
    ['0202', [1]],
    ['040000', [0, 0]],
    ['06000000', [0, 0, 0]],
    ['06020004', [1, 0, 2]],
    ['02d804', [300]],
  ];
  for (const [hex, indexes] of written) {
    assert.deepEqual(read(`${hex}0a0b`), [indexes, '0a0b']);
    assert.equal(encodeMessageIndexes(indexes).toString('hex'), hex);
  }
  assert.deepEqual(read('0200ff'), [[0], 'ff'], 'the first message written in full, as Java also reads it');
});

test('older clients of other languages wrote plain varints, and Apicurio writes the name', () => {
  assert.deepEqual(read('01010a'), [[1], '0a']);
  assert.deepEqual(read(`0b0a09${Buffer.from('Timestamp').toString('hex')}08`), ['Timestamp', '08']);
  assert.deepEqual(read(`080a06${Buffer.from('Person').toString('hex')}08`), ['Person', '08']);
});

test('what is no choice is none, whatever it is', () => {
  for (const hex of ['', '02', '0201', 'ffffffffff', 'fefffffffffe', '8080808080808000'])
    assert.equal(read(hex)[0], undefined, hex);
});
