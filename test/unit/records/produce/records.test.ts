/** Pieces of input to records: lines, and JSON as `tail -o json` writes it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { encodingRead, loadEncoder } from '../../../../src/records/produce/encode.ts';
import { type LineOptions, lineRecords } from '../../../../src/records/produce/line-records.ts';
import { emptyInputRecord, type InputRecord, type ReadPiece } from '../../../../src/records/produce/record-input.ts';
import { linesText } from '../../../../src/records/produce/wording.ts';
import { type JsonReaderOptions, jsonReader } from './json-reader.ts';

function read(reader: ReadPiece, text: string): InputRecord {
  const record = emptyInputRecord();
  // Not at the beginning of its buffer, as lines of a chunk are.
  const bytes = Buffer.from(`before${text}after`);
  reader(record, bytes, 6, bytes.length - 5);
  return record;
}

function keyText({ key, keyStart, keyEnd }: InputRecord): string | null {
  return keyStart < 0 ? null : key.toString('latin1', keyStart, keyEnd);
}

function valueText({ value, valueStart, valueEnd }: InputRecord): string | null {
  return valueStart < 0 ? null : value.toString('latin1', valueStart, valueEnd);
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof KtError);
    assert.equal(error.kind, 'usage');
    assert.ok(error.hint);
    return error.message;
  }
  assert.fail('it was read');
}

test('lines become keys and values', () => {
  const line = (text: string, options: Partial<LineOptions> = {}) => {
    const record = read(lineRecords({ keySeparator: undefined, nullMarker: undefined, fixedKey: undefined, ...options }), text);
    return [keyText(record), valueText(record)];
  };
  const bytes = (text: string) => Buffer.from(text);
  assert.deepEqual(line('a:b'), [null, 'a:b']);
  assert.deepEqual(line('a:b:c', { keySeparator: bytes(':') }), ['a', 'b:c']);
  assert.deepEqual(line(':v', { keySeparator: bytes(':') }), ['', 'v']);
  assert.deepEqual(line('k=>v', { keySeparator: bytes('=>') }), ['k', 'v']);
  assert.deepEqual(line('k:NULL', { keySeparator: bytes(':'), nullMarker: bytes('NULL') }), ['k', null]);
  assert.deepEqual(line('NULL:NULLs', { keySeparator: bytes(':'), nullMarker: bytes('NULL') }), [null, 'NULLs']);
  assert.deepEqual(line('v', { fixedKey: bytes('k') }), ['k', 'v']);
  assert.deepEqual(line('', { nullMarker: bytes('') }), [null, null]);
  assert.match(
    refusal(() => line('no separator', { keySeparator: bytes('|') })),
    /no key separator "\|"/,
  );
});

function json(text: string, options: JsonReaderOptions = {}): InputRecord {
  return read(jsonReader(options), text);
}

test('JSON lines become records: null apart from empty, encodings, timestamps to the last digit', () => {
  const record = json('{"topic":"orders","partition":3,"offset":7,"timestamp":9007199254740993,"key":"","value":null}');
  assert.deepEqual(
    [keyText(record), valueText(record), record.timestamp, record.partition],
    ['', null, 9007199254740993n, undefined],
  );
  assert.equal(valueText(json('{"topic":"where it came from","value":"v"}')), 'v');
  assert.equal(json('{"partition":3,"value":"v"}', { partitionFromInput: true }).partition, 3);
  assert.equal(valueText(json('{"value":"/wD+","valueEncoding":"base64"}')), '\xff\x00\xfe');
  assert.equal(valueText(json('{"value":"00ff","valueEncoding":"hex"}')), '\x00\xff');
  assert.equal(valueText(json('{"value":"-2","valueEncoding":"int32"}')), '\xff\xff\xff\xfe');
  assert.equal(valueText(json('{"value":"9007199254740993","valueEncoding":"int64"}')), '\x00\x20\x00\x00\x00\x00\x00\x01');
  assert.equal(keyText(json('{"value":"v"}', { fixedKey: Buffer.from('k') })), 'k');
});

test('embedded JSON is taken from the text: digits, order and white space as they stand', () => {
  const value = '{"b":12345678901234567890, "a":[1.0,"}\\" ,:"]}';
  assert.equal(valueText(json(`{"key":"value","value":${value},"valueEncoding":"json","offset":1}`)), value);
  assert.equal(valueText(json(`{"value":${value}}`)), value);
  assert.equal(valueText(json('{"value":null,"valueEncoding":"json"}')), 'null');
});

test('what is not a record is refused with a reason', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{"value": "v"', /^not JSON/],
    ['[1]', /^not a JSON object/],
    ['{"key":"k"}', /^no field "value"/],
    ['{"value":"v","vallue":1}', /^unknown field "vallue"/],
    ['{"value":"_","valueEncoding":"base64"}', /"value" is not base64/],
    ['{"value":"0f0","valueEncoding":"hex"}', /"value" is not hex/],
    ['{"value":"2147483648","valueEncoding":"int32"}', /"value" is not int32/],
    ['{"value":"v","valueEncoding":"morse"}', /unknown valueEncoding "morse"/],
    ['{"value":"v","timestamp":"now"}', /"timestamp" is not a whole number/],
    ['{"value":"v","headers":{"a":"b"}}', /"headers" is not a list/],
    ['{"value":"v","headers":[{"value":"b"}]}', /a header without a "key"/],
  ];
  for (const [text, message] of cases)
    assert.match(
      refusal(() => json(text)),
      message,
      text,
    );
  assert.match(
    refusal(() => json('{"partition":"three","value":"v"}', { partitionFromInput: true })),
    /"partition" is not a whole number/,
  );
});

test('bytes that are no UTF-8 are refused, not replaced; the replacement character itself is text', () => {
  const reader = jsonReader();
  const bytes = Buffer.from('{"value":"caf\xe9"}', 'latin1');
  assert.equal(
    refusal(() => reader(emptyInputRecord(), bytes, 0, bytes.length)),
    'not UTF-8',
  );
  assert.equal(Buffer.from(valueText(json('{"value":"\ufffd"}'))!, 'latin1').toString(), '\ufffd');
});

test('lines are named as ranges, and not all of a million', () => {
  assert.equal(linesText([17]), 'line 17');
  assert.equal(linesText([5, 3, 4, 9]), 'lines 3-5, 9');
  assert.equal(linesText(Array.from({ length: 20 }, (_, line) => 2 * line)), 'lines 0, 2, 4, 6, 8, 10, 12, 14, … (20 in all)');
});

test('numbers in JSON lines are exact or refused, and text is not made of other things', () => {
  assert.equal(valueText(json('{"value":-2,"valueEncoding":"int32"}')), '\xff\xff\xff\xfe');
  assert.equal(valueText(json('{"value":9007199254740993,"valueEncoding":"int64"}')), '\x00\x20\x00\x00\x00\x00\x00\x01');
  assert.equal(valueText(json('{"value":5,"valueEncoding":"string"}')), '5');
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['{"value":"12abc","valueEncoding":"int32"}', /^"value" is not int32$/],
    ['{"value":1.5,"valueEncoding":"int32"}', /^"value" is not int32$/],
    ['{"value":"1e3","valueEncoding":"int64"}', /^"value" is not int64$/],
    ['{"value":"","valueEncoding":"double"}', /^"value" is not double$/],
    ['{"value":{"a":1},"valueEncoding":"string"}', /^"value" is not text, so not string$/],
    ['{"value":"v","key":[1],"keyEncoding":"hex"}', /^"key" is not text, so not hex$/],
    ['{"value":{"a":1,"a":2},"valueEncoding":"cbor"}', /^"value" is not cbor$/],
    ['{"value":"\\ud800"}', /^"value" is not string$/],
    ['{"value":{},"valueEncoding":"internal"}', /^"value" was decoded/],
  ];
  for (const [text, message] of wrong)
    assert.match(
      refusal(() => json(text)),
      message,
      text,
    );
});

test('headers keep every digit of what is not text', () => {
  const { headers } = json('{"value":"v","headers":[{"key":"a","value":"x"},{"key":"n","value":12345678901234567890}]}');
  assert.ok(headers!.includes('12345678901234567890'));
});

test('formats are the encoding of JSON lines that name none; null stays null', () => {
  const formats = { keyFormat: 'int64', valueFormat: 'cbor' } as const;
  const record = json('{"key":"1","value":{"a":1}}', formats);
  assert.deepEqual([keyText(record), valueText(record)], ['\x00\x00\x00\x00\x00\x00\x00\x01', '\xa1\x61a\x01']);
  const flagged = json('{"key":"ff","keyEncoding":"hex","value":"v","valueEncoding":"string"}', formats);
  assert.deepEqual([keyText(flagged), valueText(flagged)], ['\xff', 'v']);
  const nothing = json('{"key":null,"value":null}', formats);
  assert.deepEqual([keyText(nothing), valueText(nothing)], [null, null]);
});

test('keys and values of lines are encoded; null markers come first, and what does not fit is refused', async () => {
  const [int64, hex, cbor] = await Promise.all([
    loadEncoder('key', 'int64'),
    loadEncoder('value', 'hex'),
    loadEncoder('value', 'cbor'),
  ]);
  const lines = lineRecords({ keySeparator: Buffer.from(':'), nullMarker: Buffer.from('NULL'), fixedKey: undefined });
  const line = (text: string, value = hex) => {
    const record = read(encodingRead(lines, int64, value), text);
    return [keyText(record), valueText(record)];
  };
  assert.deepEqual(line('1:00ff'), ['\0\0\0\0\0\0\0\x01', '\0\xff']);
  assert.deepEqual(line('NULL:NULL'), [null, null]);
  assert.deepEqual(line('1:[true]', cbor), ['\0\0\0\0\0\0\0\x01', '\x81\xf5']);
  assert.equal(
    refusal(() => line('x:00')),
    'key "x" is not int64',
  );
  assert.equal(
    refusal(() => line('1:0')),
    'value "0" is not hex',
  );
  assert.equal(
    refusal(() => line(`1:${'0'.repeat(99)}`)),
    `value "${'0'.repeat(40)}…" is not hex`,
  );
  const latin = Buffer.from('1:"\xe9"', 'latin1');
  assert.equal(
    refusal(() => encodingRead(lines, int64, cbor)(emptyInputRecord(), latin, 0, latin.length)),
    'value is not UTF-8, so not cbor',
  );
  assert.equal(await loadEncoder('value', 'string'), undefined, 'bytes stay as they are');
});
