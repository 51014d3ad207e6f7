/** MessagePack as JSON and back, checked against the specification's forms and another implementation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode as otherDecode, encode as otherEncode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { makeSerde } from '../../../../src/records/serde/msgpack.ts';
import { back, decoded, refuses, textOf } from './there-and-back.ts';

const msgpack = makeSerde();

test('the shortest form of everything that JSON can say goes there and back byte for byte', () => {
  const examples: readonly (readonly [hex: string, json: string])[] = [
    ['c0', 'null'],
    ['c2', 'false'],
    ['c3', 'true'],
    ['7f', '127'],
    ['cc80', '128'],
    ['cd0100', '256'],
    ['ce00010000', '65536'],
    ['cf0000000100000000', '4294967296'],
    ['cfffffffffffffffff', '18446744073709551615'],
    ['e0', '-32'],
    ['d0df', '-33'],
    ['d1ff7f', '-129'],
    ['d2ffff7fff', '-32769'],
    ['d3ffffffff7fffffff', '-2147483649'],
    ['d38000000000000000', '-9223372036854775808'],
    ['ca3fc00000', '1.5E0'],
    ['cb3ff8000000000000', '1.5'],
    ['cb4000000000000000', '2.0'],
    ['a0', '""'],
    [`bf${'61'.repeat(31)}`, `"${'a'.repeat(31)}"`],
    [`d920${'61'.repeat(32)}`, `"${'a'.repeat(32)}"`],
    [`da0100${'61'.repeat(256)}`, `"${'a'.repeat(256)}"`],
    [`db00010000${'61'.repeat(65536)}`, `"${'a'.repeat(65536)}"`],
    ['93010203', '[1,2,3]'],
    [`dc0010${'00'.repeat(16)}`, `[${Array(16).fill(0).join(',')}]`],
    [`dd00010000${'00'.repeat(65536)}`, `[${Array(65536).fill(0).join(',')}]`],
    ['82a16101a16202', '{"a":1,"b":2}'],
  ];
  for (const [hex, json] of examples) {
    assert.equal(textOf(msgpack, hex), json, hex.slice(0, 40));
    assert.equal(msgpack.encode!(json)?.toString('hex'), hex, json.slice(0, 40));
  }
});

test('what JSON cannot say is shown, and encoding that gives other bytes', () => {
  const views: readonly (readonly [hex: string, json: string])[] = [
    ['c403010203', '"AQID"'],
    ['c5000101', '"AQ=="'],
    ['d40105', '"BQ=="'],
    ['c7020501ff', '"Af8="'],
    ['d6ff5a4af6a5', '"2018-01-02T03:04:05Z"'],
    ['d7ff000000045a4af6a5', '"2018-01-02T03:04:05.000000001Z"'],
    ['c70cff1dcd6500ffffffffffffffff', '"1969-12-31T23:59:59.500000000Z"'],
    ['cb7ff8000000000000', '"NaN"'],
    ['ca7f800000', '"Infinity"'],
    ['8101a162', '{"1":"b"}'],
    ['cc01', '1'],
    ['d301'.padEnd(18, '0'), '72057594037927936'],
    ['d90161', '"a"'],
  ];
  for (const [hex, json] of views) {
    assert.equal(textOf(msgpack, hex), json, hex);
    assert.notEqual(msgpack.encode!(json)?.toString('hex'), hex, json);
  }
});

test('bytes that are not exactly one object are refused, whatever length they claim', () => {
  const wrong = ['', 'c1', '0000', 'a1', 'a1ff', '91', '81a161', 'cc', 'd9', 'c403', 'd4', 'ca00'];
  const lies = ['ddffffffff', 'dfffffffff', 'dbffffffff61', '91'.repeat(100_000)];
  for (const hex of [...wrong, ...lies]) assert.equal(textOf(msgpack, hex), undefined, hex.slice(0, 40));
  assert.equal(textOf(msgpack, '82a16101a16102'), undefined, 'a name twice');
});

test('expressions see exact integers and BigInts beyond', () => {
  assert.deepEqual(decoded(msgpack, '92cf001fffffffffffffcf0020000000000001'), [9007199254740991, 9007199254740993n]);
  assert.deepEqual(decoded(msgpack, '81a161ca3fc00000'), { a: 1.5 });
});

test('JSON that MessagePack or a reader of JSON would not keep is refused', () => {
  refuses(msgpack, ['', 'abc', '{"a":1,"a":2}', '"\\ud800"', '18446744073709551616', '-9223372036854775809', '1e400']);
});

test('any JSON goes there and back to the same text', () => {
  fc.assert(
    fc.property(
      fc.json().filter((json) => !/\d{19}/.test(json)),
      (json) => {
        const shown = back(msgpack, json)!;
        assert.deepEqual(JSON.parse(shown), JSON.parse(json));
        assert.equal(back(msgpack, shown), shown);
      },
    ),
    { numRuns: 500 },
  );
});

test('any bytes are read without an error, and what is shown for them is JSON', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (content) => {
      const shown = textOf(msgpack, Buffer.from(content).toString('hex'));
      if (shown !== undefined) JSON.parse(shown);
    }),
    { numRuns: 3000 },
  );
});

/** Without integers that the other implementation gives as BigInts, or takes for floats. */
const plain = fc
  .json()
  .filter((json) => !/\d{16}/.test(json))
  .map((json): unknown => JSON.parse(json))
  .filter((value) => !JSON.stringify(value).includes('__proto__'));

test('another implementation reads what is written, and what it writes is read', () => {
  fc.assert(
    fc.property(plain, (value) => {
      assert.deepEqual(otherDecode(msgpack.encode!(JSON.stringify(value))!), JSON.parse(JSON.stringify(value)));
      assert.deepEqual(decoded(msgpack, Buffer.from(otherEncode(value)).toString('hex')), value);
    }),
    { numRuns: 500 },
  );
});
