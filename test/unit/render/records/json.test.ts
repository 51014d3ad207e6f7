import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SerdeName } from '../../../../src/records/serde/table.ts';
import { bytesOrNull, isText, someBytes } from './bytes.ts';
import { type HandMade, rendered } from './records.ts';

async function lines(
  records: readonly HandMade[],
  formats: { keyFormat?: SerdeName; valueFormat?: SerdeName } = {},
  terminal = false,
): Promise<string[]> {
  const text = (await rendered(records, { style: 'json', ...formats }, { terminal })).toString();
  assert.ok(text.endsWith('\n'));
  return text.slice(0, -1).split('\n');
}

async function line(
  record: HandMade,
  formats: { keyFormat?: SerdeName; valueFormat?: SerdeName } = {},
  terminal = false,
): Promise<string> {
  return (await lines([record], formats, terminal))[0]!;
}

const end = (value: string): string => `"headers":[],"key":null,"value":${value}}`;

/** The bytes a field was made of, by the rules for whoever reads the lines back. */
function bytesBack(value: unknown, encoding: string | undefined): Buffer | null {
  if (value === null) return null;
  const text = value as string;
  const numbers: Record<string, () => Buffer> = {
    base64: () => Buffer.from(text, 'base64'),
    hex: () => Buffer.from(text, 'hex'),
    uuid: () => Buffer.from(text.replaceAll('-', ''), 'hex'),
    int32: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(Number(text));
      return bytes;
    },
    int64: () => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(BigInt(text));
      return bytes;
    },
    double: () => {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(Number(text));
      return bytes;
    },
  };
  if (encoding === undefined) return Buffer.from(text);
  const back = numbers[encoding];
  assert.ok(back, `unknown encoding ${encoding}`);
  return back();
}

test('a record is one line with all there is to say, in the order of the documentation', async () => {
  const record = { topic: 'orders', partition: 3, offset: 42n, timestamp: 1_700_000_000_123n, key: 'user-1', value: '{"a":1}' };
  assert.equal(
    await line({
      ...record,
      headers: [
        ['trace-id', 'abc'],
        ['trace-id', null],
      ],
    }),
    '{"topic":"orders","partition":3,"offset":42,"timestamp":1700000000123,"timestampType":"CreateTime",' +
      '"headers":[{"key":"trace-id","value":"abc"},{"key":"trace-id","value":null}],"key":"user-1","value":"{\\"a\\":1}"}',
  );
});

test('null, empty and the text null stay different', async () => {
  const written = await lines([{ value: null }, { value: '' }, { value: 'null' }]);
  assert.deepEqual(
    written.map((text) => text.slice(text.indexOf('"headers"'))),
    [end('null'), end('""'), end('"null"')],
  );
});

test('the numbers of a record are exact beyond 2^53, and timestamp -1 means none', async () => {
  const far = await line({
    offset: 9_223_372_036_854_775_807n,
    timestamp: -9_007_199_254_740_993n,
    timestampType: 'LogAppendTime',
  });
  assert.match(far, /"offset":9223372036854775807,"timestamp":-9007199254740993,"timestampType":"LogAppendTime"/);
  assert.match(await line({ timestamp: -1n }), /"timestamp":-1,/);
});

test('records of several topics and partitions each name their own', async () => {
  const written = await lines([
    { topic: 'a', partition: 1 },
    { topic: 'a', partition: 2 },
    { topic: 'b', partition: 2 },
    { topic: 'a', partition: 1 },
  ]);
  assert.deepEqual(
    written.map((text) => [JSON.parse(text).topic, JSON.parse(text).partition]),
    [
      ['a', 1],
      ['a', 2],
      ['b', 2],
      ['a', 1],
    ],
  );
});

test('bytes that are no text come as base64 and say so: key, value, header names and header values', async () => {
  const binary = Buffer.from([0xff, 0x00]);
  assert.match(
    await line({ key: binary, value: binary, headers: [[binary, binary]] }),
    /"headers":\[\{"key":"\/wA=","keyEncoding":"base64","value":"\/wA=","valueEncoding":"base64"\}\],"key":"\/wA=","keyEncoding":"base64","value":"\/wA=","valueEncoding":"base64"\}$/,
  );
});

test('with value-format json a JSON value is embedded with every digit and flagged, and text is a string without a flag', async () => {
  const formats = { valueFormat: 'json' } as const;
  const cases: readonly (readonly [string | Buffer | null, string])[] = [
    ['{"id": 9223372036854775807}', '{"id": 9223372036854775807},"valueEncoding":"json"'],
    ['{\n "a": 1\n}\n', '{ "a": 1},"valueEncoding":"json"'],
    ['"abc"', '"abc","valueEncoding":"json"'],
    ['abc', '"abc"'],
    ['null', 'null,"valueEncoding":"json"'],
    [null, 'null'],
    ['', '""'],
    [Buffer.from([0x22, 0xff, 0x22]), '"Iv8i","valueEncoding":"base64"'],
  ];
  for (const [value, expected] of cases) {
    const text = await line({ value }, formats);
    assert.equal(text.slice(text.indexOf('"headers"')), end(expected));
    JSON.parse(text);
  }
});

test('codecs show their text under their name; bytes of another width are base64', async () => {
  const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const cases: readonly (readonly [SerdeName, Buffer | null, string])[] = [
    ['hex', Buffer.from([0xde, 0xad]), '"dead","valueEncoding":"hex"'],
    ['base64', Buffer.from('text'), '"dGV4dA==","valueEncoding":"base64"'],
    ['int32', Buffer.from([0xff, 0xff, 0xff, 0xfe]), '"-2","valueEncoding":"int32"'],
    ['int32', Buffer.from('abc'), '"YWJj","valueEncoding":"base64"'],
    ['int64', Buffer.from('7fffffffffffffff', 'hex'), '"9223372036854775807","valueEncoding":"int64"'],
    ['double', Buffer.from('8000000000000000', 'hex'), '"-0","valueEncoding":"double"'],
    ['double', Buffer.from('7ff8000000000000', 'hex'), '"NaN","valueEncoding":"double"'],
    ['double', Buffer.from('7ff8000000000001', 'hex'), '"f/gAAAAAAAE=","valueEncoding":"base64"'],
    ['double', Buffer.from('fff0000000000000', 'hex'), '"-Infinity","valueEncoding":"double"'],
    ['uuid', uuid, '"00112233-4455-6677-8899-aabbccddeeff","valueEncoding":"uuid"'],
    ['uuid', Buffer.from('00112233-4455-6677-8899-aabbccddeeff'), '"00112233-4455-6677-8899-aabbccddeeff"'],
    ['int64', null, 'null'],
  ];
  for (const [valueFormat, value, expected] of cases) {
    const text = await line({ value }, { valueFormat });
    assert.equal(text.slice(text.indexOf('"headers"')), end(expected), valueFormat);
  }
});

test('whatever the bytes and the formats, the line gives back key, value and headers byte for byte', async () => {
  const codec = fc.constantFrom<SerdeName>('string', 'hex', 'base64', 'int32', 'int64', 'double', 'uuid');
  const field = fc.oneof(
    bytesOrNull,
    fc
      .constantFrom(4, 8, 16, 36)
      .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes))),
  );
  await fc.assert(
    fc.asyncProperty(
      field,
      field,
      fc.array(fc.tuple(someBytes, bytesOrNull), { maxLength: 4 }),
      codec,
      codec,
      async (key, value, headers, keyFormat, valueFormat) => {
        const parsed = JSON.parse(await line({ key, value, headers }, { keyFormat, valueFormat }));
        assert.deepEqual(bytesBack(parsed.key, parsed.keyEncoding), key);
        assert.deepEqual(bytesBack(parsed.value, parsed.valueEncoding), value);
        const back = parsed.headers.map((header: Record<string, string>) => [
          bytesBack(header['key'], header['keyEncoding']),
          bytesBack(header['value'], header['valueEncoding']),
        ]);
        assert.deepEqual(back, headers);
        if (valueFormat === 'string' && value !== null)
          assert.equal(parsed.valueEncoding, isText(value) ? undefined : 'base64');
      },
    ),
    { numRuns: 500 },
  );
});

test('on a terminal a line means the same but holds nothing that acts', async () => {
  const hostile = '\x1b[2J\x9b31m\u202eevil\u2066\u200b\x7f\u0085 grüße 日本 😀';
  const record = { topic: 'orders', key: hostile, value: hostile, headers: [[hostile, hostile]] as const };
  const text = await line(record, {}, true);
  assert.doesNotMatch(text, /[\x00-\x1f\x7f-\x9f\u200b\u202e\u2066]/);
  assert.match(text, /grüße 日本 😀/);
  assert.deepEqual(JSON.parse(text), JSON.parse(await line(record)));
});
