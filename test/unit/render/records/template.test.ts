import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KtError } from '../../../../src/base/errors.ts';
import { compileTemplate } from '../../../../src/render/records/template.ts';
import { bytesOrNull, someBytes } from './bytes.ts';
import { type Bytes, type HandMade, rendered } from './records.ts';

async function shown(template: string, record: HandMade, terminal = false): Promise<Buffer> {
  return rendered([record], { style: 'template', template }, { terminal });
}

const record: HandMade = {
  topic: 'orders',
  partition: 7,
  offset: 42n,
  timestamp: 1_700_000_000_123n,
  key: 'k1',
  value: 'hello',
  headers: [
    ['a', '1'],
    ['b', null],
    ['c', ''],
  ],
};

test('every token of kcat says what it says there', async () => {
  const all = await shown('%t|%p|%o|%k|%s|%v|%h|%T|%K|%S|%%\\n', record);
  assert.equal(all.toString(), 'orders|7|42|k1|hello|hello|a=1,b=NULL,c=|1700000000123|2|5|%\n');
  assert.deepEqual(await shown('%R%s', record), Buffer.from('\0\0\0\x05hello'));
});

test('null is empty with length -1, and an empty value has length 0', async () => {
  assert.equal((await shown('[%k][%K][%s][%S][%h]', {})).toString(), '[][-1][][-1][]');
  assert.equal((await shown('[%s][%S]', { value: '' })).toString(), '[][0]');
  assert.deepEqual(await shown('%R', {}), Buffer.from([255, 255, 255, 255]));
});

test('escapes are bytes: control characters, hex, octal, decimal, and any other character itself', async () => {
  const cases = {
    '\\n\\r\\t\\\\': '\n\r\t\\',
    '\\x41\\x0a\\x1': 'A\n\x01',
    '\\0\\012\\65': '\0\nA',
    '\\q\\%p': 'q\\7',
    'tail\\': 'tail\\',
    '☕%p': '☕7',
  };
  for (const [template, expected] of Object.entries(cases))
    assert.equal((await shown(template, record)).toString(), expected, template);
  assert.deepEqual(await shown('\\xff', record), Buffer.from([255]));
});

test('an unknown token or a percent sign at the end is a usage error that lists the tokens', () => {
  for (const [template, message] of [
    ['%t %y', '%y (not a token of a record format)'],
    ['100%', "'%' (a format cannot end with it)"],
    ['%😀', '%😀 (not a token of a record format)'],
  ] as const) {
    assert.throws(
      () => compileTemplate(template),
      (error) => {
        assert.ok(error instanceof KtError);
        assert.equal(error.kind, 'usage');
        assert.equal(error.message, message);
        for (const token of 'tpokvshTKSR') assert.ok(error.hint?.includes(`%${token} `), token);
        return true;
      },
    );
  }
});

test('key and value come in their formats; what a codec cannot tell is hex', async () => {
  const bytes = await rendered([{ key: Buffer.from([0, 0, 0, 9]), value: Buffer.from([1, 255]) }], {
    style: 'template',
    template: '%k %v',
    keyFormat: 'int32',
    valueFormat: 'int64',
  });
  assert.equal(bytes.toString(), '9 01ff');
});

test('on a terminal fields are made harmless, and what the user typed stays', async () => {
  const hostile = {
    topic: 'or\x07ders',
    key: '\x1b[1mk\n',
    value: 'v\u202e\nw',
    headers: [['\x9b', Buffer.from([0xff, 0x07])]] as const,
  };
  const text = (await shown('\\x1b[1m%t %k %h %s', hostile, true)).toString();
  assert.equal(text, '\x1b[1mor\\x07ders \\x1b[1mk\\n \\x9b=\\xff\\x07 v\\u202e\nw');
});

/** Byte for byte what a template is for a record, told in the plainest way. */
function reference(parts: readonly string[], one: HandMade): Buffer {
  const bytes = (field: Bytes | undefined): Buffer => Buffer.from((field ?? '') as Uint8Array);
  const length = (field: Bytes | undefined): number => (field === null || field === undefined ? -1 : bytes(field).length);
  const binary = Buffer.alloc(4);
  binary.writeInt32BE(length(one.value));
  const headers = (one.headers ?? []).flatMap(([name, value], index) => [
    Buffer.from(index === 0 ? '' : ','),
    bytes(name),
    Buffer.from('='),
    value === null ? Buffer.from('NULL') : bytes(value),
  ]);
  const of: Record<string, () => Buffer> = {
    '%t': () => Buffer.from(one.topic!),
    '%p': () => Buffer.from(String(one.partition)),
    '%o': () => Buffer.from(String(one.offset)),
    '%T': () => Buffer.from(String(one.timestamp)),
    '%k': () => bytes(one.key),
    '%s': () => bytes(one.value),
    '%v': () => bytes(one.value),
    '%K': () => Buffer.from(String(length(one.key))),
    '%S': () => Buffer.from(String(length(one.value))),
    '%R': () => binary,
    '%h': () => Buffer.concat(headers),
    '%%': () => Buffer.from('%'),
    '\\n': () => Buffer.from('\n'),
    '\\x00': () => Buffer.from([0]),
  };
  return Buffer.concat(parts.map((part) => of[part]?.() ?? Buffer.from(part)));
}

test('any template of any record is what the plain reading of it gives', async () => {
  const part = fc.constantFrom(
    '%t',
    '%p',
    '%o',
    '%T',
    '%k',
    '%s',
    '%v',
    '%K',
    '%S',
    '%R',
    '%h',
    '%%',
    '\\n',
    '\\x00',
    ' ',
    'offset=',
    'ü',
  );
  const anyRecord = fc.record({
    topic: fc.stringMatching(/^[\w.-]{1,20}$/),
    partition: fc.nat(100_000),
    offset: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    timestamp: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    key: bytesOrNull,
    value: bytesOrNull,
    headers: fc.array(fc.tuple(someBytes, bytesOrNull), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1 }), anyRecord, async (parts, one) => {
      assert.deepEqual(await shown(parts.join(''), one), reference(parts, one));
    }),
    { numRuns: 300 },
  );
});
