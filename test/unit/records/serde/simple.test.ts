/** Formats of fixed width and other alphabets: text and bytes say exactly the same, and what does not fit is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadSerde } from '../../../../src/records/serde/stream-serdes.ts';
import { type WritableSerdeName, writableSerdeNames } from '../../../../src/records/serde/table.ts';
import { back, refuses } from './there-and-back.ts';

const serdes = new Map(
  await Promise.all(
    writableSerdeNames.map(async (name) => [name, await loadSerde(name, { field: 'value', coordinator: undefined })] as const),
  ),
);
const serde = (name: WritableSerdeName) => serdes.get(name)!;

test('every serde goes by its name in the table', () => {
  for (const [name, { name: own }] of serdes) assert.equal(own, name);
});

test('any number goes there and back: int32, int64, double', () => {
  fc.assert(fc.property(fc.integer(), (value) => assert.equal(back(serde('int32'), String(value)), String(value))));
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(fc.property(int64, (value) => assert.equal(back(serde('int64'), String(value)), String(value))));
  fc.assert(
    fc.property(fc.double(), (value) => {
      const text = Object.is(value, -0) ? '-0' : String(value);
      assert.equal(back(serde('double'), text), text);
    }),
  );
});

test('any bytes go there and back: hex, base64, and uuid where there are sixteen', () => {
  const check = (name: WritableSerdeName) => (content: Uint8Array) => {
    const bytes = Buffer.from(content);
    assert.deepEqual(serde(name).encode!(serde(name).text!(bytes, 0, bytes.length)!), bytes);
  };
  fc.assert(fc.property(fc.uint8Array(), check('hex')));
  fc.assert(fc.property(fc.uint8Array(), check('base64')));
  fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), check('uuid')));
});

test('any eight bytes are an int64 and, unless they are a NaN of another kind, a double', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (content) => {
      const bytes = Buffer.from(content);
      for (const name of ['int64', 'double'] as const) {
        const text = serde(name).text!(bytes, 0, 8);
        if (text !== undefined) assert.deepEqual(serde(name).encode!(text), bytes);
        else assert.ok(name === 'double' && Number.isNaN(bytes.readDoubleBE()));
      }
    }),
  );
});

test('text that is not exactly such a value is refused, never rounded or cut', () => {
  const notWhole = ['', ' ', '1 ', '+1', '01', '-0', '-', '1.0', '1e3', '0x10', '12abc', 'abc', '1_000', '١', '1\n'];
  refuses(serde('int32'), [...notWhole, '2147483648', '-2147483649', '9'.repeat(400)]);
  refuses(serde('int64'), [...notWhole, '9223372036854775808', '-9223372036854775809', '9'.repeat(400)]);
  refuses(serde('double'), [
    '',
    ' ',
    '1 ',
    '+1',
    '.5',
    '5.',
    '1e',
    '0x10',
    '12abc',
    'nan',
    'infinity',
    '1e999',
    '-1e999',
    '1e-999',
  ]);
  refuses(serde('hex'), ['0', '0f0', 'zz', '0x0f', 'de ad', 'de:ad', 'dead\n']);
  refuses(serde('base64'), ['_', 'a', 'ab_-', 'YQ ==', 'YQ==YQ==', 'YR==']);
  refuses(serde('uuid'), ['', '123', '123e4567e89b12d3a456426614174000', '123e4567-e89b-12d3-a456-42661417400g']);
  refuses(serde('json'), ['', 'abc', '{"a":1', '01', '"\ud800"']);
  refuses(serde('string'), ['\ud800', 'a\udc00b']);
});

test('spellings that mean the same are taken: upper-case hex and UUIDs, base64 without padding, exponents of doubles', () => {
  assert.equal(back(serde('hex'), 'DEAD'), 'dead');
  assert.equal(back(serde('base64'), 'YQ'), 'YQ==');
  assert.equal(back(serde('double'), '1E3'), '1000');
  assert.equal(back(serde('uuid'), '123E4567-E89B-12D3-A456-426614174000'), '123e4567-e89b-12d3-a456-426614174000');
});

test('expressions get numbers while these are exact, and BigInts beyond', () => {
  const decoded = (name: WritableSerdeName, text: string): unknown => {
    const bytes = serde(name).encode!(text)!;
    return serde(name).decode(bytes, 0, bytes.length);
  };
  assert.equal(decoded('int32', '-5'), -5);
  assert.equal(decoded('int64', '9007199254740991'), 9007199254740991);
  assert.equal(decoded('int64', '9007199254740993'), 9007199254740993n);
  assert.equal(decoded('double', '0.5'), 0.5);
  assert.deepEqual(decoded('json', '{"a":[1]}'), { a: [1] });
});

test('bytes of another width are no such value', () => {
  for (const name of ['int32', 'int64', 'double', 'uuid'] as const) {
    assert.equal(serde(name).decode(Buffer.alloc(5), 0, 5), undefined);
    assert.equal(serde(name).text!(Buffer.alloc(5), 0, 5), undefined);
  }
});
