/** Pieces of input to records: lines, and JSON as `tail -o json` writes it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KtError } from '../../../../src/base/errors.ts';
import { encodingRead, loadEncoder } from '../../../../src/records/produce/encode.ts';
import { jsonFault } from '../../../../src/records/produce/json-fault.ts';
import { type LineOptions, lineRecords } from '../../../../src/records/produce/line-records.ts';
import { emptyInputRecord, type InputRecord, type ReadPiece } from '../../../../src/records/produce/record-input.ts';
import { unitNote } from '../../../../src/records/produce/timestamp.ts';
import { linesText } from '../../../../src/records/produce/wording.ts';
import { schemaWriter } from '../../../../src/records/schemas/writer.ts';
import { compileAvro, parseAvro } from '../../../../src/schemas/avro/index.ts';
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
    ['{"value":"v","timestamp":9223372036854775808}', /^"timestamp" is out of range$/],
    ['{"value":"v","timestamp":1e300}', /^"timestamp" is not a whole number$/],
    ['{"value":"v","timestamp":-5}', /^"timestamp" is negative$/],
    ['{"value":"v","timestamp":-9223372036854775809}', /^"timestamp" is negative$/],
    ['{"value":"v","headers":[{"key":"a","vlaue":"b"}]}', /^a header with an unknown field "vlaue"$/],
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

test('null says the same as a field left out, and -1 writes a record without a timestamp', () => {
  const given = { partitionFromInput: true, topicFromInput: true };
  const record = json(
    '{"topic":null,"partition":null,"timestamp":null,"headers":null,"keyEncoding":null,"value":"v","valueEncoding":null}',
    given,
  );
  const { topic, partition, timestamp, headers } = record;
  assert.deepEqual([topic, partition, timestamp, headers, valueText(record)], [undefined, undefined, 0, undefined, 'v']);
  assert.equal(json('{"value":"v","timestamp":-1}').timestamp, -1);
  assert.equal(json('{"value":"v","timestamp":9223372036854775807}').timestamp, 9223372036854775807n);
});

test('broken JSON is explained in words, the same under Node and in the binary', () => {
  const faults: readonly (readonly [text: string, fault: string])[] = [
    ['{"value":"v"', 'the object is not closed'],
    ['{"value":["v"', 'a list is not closed'],
    ['{"value":"v', 'a text is not closed'],
    ['nonsense', '"nonsense" at character 1, where a value is expected'],
    ['{"value":1,}', '"}" at character 12, where a name in quotes is expected'],
    ["{'value':1}", '"\'" at character 2, where a name in quotes or } is expected'],
    ['{"value" 1}', '"1" at character 10, where a colon is expected'],
    ['{"value":1 "key":2}', '"\\"" at character 12, where a comma or the end of the object or list is expected'],
    ['{"value":1}{', '"{" at character 12, where nothing more is expected'],
    ['{"value":NaN}', '"NaN" at character 10, where a value is expected'],
    ['{"value":01}', '"01" at character 10, where a value is expected'],
    ['{"value":"a\\q"}', 'a wrong escape \\q at character 12'],
    ['{"value":"a\tb"}', 'a control character in a text, at character 12 (write \\n, \\t or \\u00XX)'],
  ];
  for (const [text, fault] of faults)
    assert.equal(
      refusal(() => json(text)),
      `not JSON: ${fault}`,
    );
});

test('whatever JSON.parse takes or refuses, the explanation has no objection or names one', () => {
  const text = fc.string({
    unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', '-', '.', 'e', 'true', 'null', ' ', '\\', 'u'),
  });
  fc.assert(
    fc.property(text, (broken) => {
      let isJson = true;
      try {
        JSON.parse(broken);
      } catch {
        isJson = false;
      }
      if (!isJson) assert.equal(jsonFault(broken) === 'it is empty', broken.trim() === '', broken);
    }),
    { numRuns: 2000 },
  );
});

test('UTF-16 files are named as what they are', () => {
  const reader = jsonReader();
  const bytes = Buffer.from('\ufeff{"value":"v"}', 'utf16le');
  assert.equal(
    refusal(() => reader(emptyInputRecord(), bytes, 0, bytes.length)),
    'not UTF-8 (the file is UTF-16)',
  );
});

test("kcat's -J lines are records: payload, ts, and headers in one flat list; a null payload is a tombstone", () => {
  const where = '"topic":"orders","partition":3,"offset":7,"broker":1';
  const record = json(`{${where},"tstype":"create","ts":1700000000123,"headers":["a","x","b",null],"key":"k","payload":"v"}`, {
    partitionFromInput: true,
    topicFromInput: true,
  });
  const { topic, partition, timestamp, headers } = record;
  assert.deepEqual([topic, partition, timestamp, keyText(record), valueText(record)], ['orders', 3, 1700000000123, 'k', 'v']);
  const expected = json('{"value":"v","headers":[{"key":"a","value":"x"},{"key":"b","value":null}]}').headers;
  assert.deepEqual(headers, expected);
  assert.deepEqual(valueText(json(`{${where},"key":null,"payload":null}`)), null);
  assert.equal(valueText(json('{"payload":5}', { valueFormat: 'int32' })), '\0\0\0\x05');
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['{"payload":"v","value":"v"}', /^unknown field "value"$/],
    ['{"payload":"v","ts":-9}', /^"ts" is negative$/],
    ['{"payload":"v","headers":["a"]}', /^"headers" is not a list of names and values in turn$/],
    ['{"payload":"v","headers":[null,"a"]}', /^"headers" is not a list of names and values in turn$/],
    ['{"payload":"v","headers":["a","\\ud800"]}', /^a header with half of a surrogate pair$/],
    ['{"payload":{"id":1}}', /^"payload" is not text, so kcat decoded it/],
    ['{"key":{"id":1},"payload":"v"}', /^"key" is not text, so kcat decoded it/],
  ];
  for (const [text, message] of wrong)
    assert.match(
      refusal(() => json(text)),
      message,
      text,
    );
});

test('a timestamp in another unit than milliseconds is told once; likely ones are not', () => {
  const told: string[] = [];
  const onTimestamp = unitNote((text) => told.push(text));
  for (const timestamp of [0, -1, 1, 1700000000123, 4102444799999]) onTimestamp(timestamp);
  assert.deepEqual(told, []);
  for (const timestamp of [1700000000, 1700000001]) json(`{"value":"v","timestamp":${timestamp}}`, { onTimestamp });
  assert.deepEqual(told, [
    'timestamp 1700000000 looks like seconds, but timestamps are milliseconds since 1970 (it is written as it is)',
  ]);
  for (const [timestamp, unit] of [
    [1700000000123456, /microseconds/],
    [1700000000123456789n, /nanoseconds/],
  ] as const) {
    const notes: string[] = [];
    unitNote((text) => notes.push(text))(timestamp);
    assert.match(notes.join(), unit);
  }
});

test('a word given as the separator is taken for the key that was meant', () => {
  const reader = lineRecords({ keySeparator: Buffer.from('order-1'), nullMarker: undefined, fixedKey: undefined });
  const wordReader = lineRecords({ keySeparator: Buffer.from('123'), nullMarker: undefined, fixedKey: undefined });
  const hintOf = (read: () => unknown) => {
    try {
      read();
    } catch (error) {
      return (error as KtError).hint;
    }
    return undefined;
  };
  assert.match(hintOf(() => read(reader, 'v'))!, /leave -K out/);
  assert.match(hintOf(() => read(wordReader, 'v'))!, /-k 123 gives every record the key 123/);
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

test('lines are written with a schema, each as if it stood alone; what does not fit is told with path, found and wanted', () => {
  const schema = {
    type: 'record',
    name: 'Note',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'text', type: 'string', default: '-' },
    ],
  };
  const compiled = compileAvro(parseAvro(JSON.stringify(schema)), { rawLogical: false, avroJson: false });
  const written = { format: 'avro', compiled, indexes: Buffer.alloc(0) } as const;
  const { serde } = schemaWriter('value', written, { id: 258, guid: undefined }, 'v0');
  const lines = lineRecords({ keySeparator: undefined, nullMarker: Buffer.from('NULL'), fixedKey: undefined });
  const reader = encodingRead(lines, undefined, serde);
  const long = 'x'.repeat(5000);
  for (const [text, value] of [
    ['{"id":3,"text":"a"}', '\x06\x02a'],
    [`{"id":3,"text":"${long}"}`, `\x06\x90N${long}`],
    [' {"text":"\u00fc\\u00fc", "id":-1} ', '\x01\x08\xc3\xbc\xc3\xbc'],
    ['{"id":3}', '\x06\x02-'],
  ] as const) {
    assert.equal(valueText(read(reader, text)), `\0\0\0\x01\x02${value}`);
    assert.equal(valueText(read(reader, text)), serde.encode!(text)!.toString('latin1'));
  }
  assert.equal(valueText(read(reader, 'NULL')), null);
  assert.equal(
    refusal(() => read(reader, '{"id":"3"}')),
    'value "{\\"id\\":\\"3\\"}" does not fit its schema (id: found "3", wanted long)',
  );
  assert.match(
    refusal(() => read(reader, '{"id":3')),
    /^value "{\\"id\\":3" does not fit its schema \(not JSON \(/,
  );
  const latin = Buffer.from('{"id":1,"text":"\xe9"}', 'latin1');
  assert.equal(
    refusal(() => reader(emptyInputRecord(), latin, 0, latin.length)),
    'value is not UTF-8, so not avro',
  );
});
