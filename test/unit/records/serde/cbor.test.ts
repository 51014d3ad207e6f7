/** CBOR (RFC 8949) as JSON and back, checked against the RFC's examples and another implementation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode as otherDecode, encode as otherEncode } from 'cborg';
import fc from 'fast-check';
import { makeSerde } from '../../../../src/records/serde/cbor.ts';
import { back, decoded, refuses, textOf } from './there-and-back.ts';

const cbor = makeSerde();

test('the examples of RFC 8949, appendix A, that JSON can say go there and back byte for byte', () => {
  const examples: readonly (readonly [hex: string, json: string])[] = [
    ['00', '0'],
    ['17', '23'],
    ['1818', '24'],
    ['1903e8', '1000'],
    ['1a000f4240', '1000000'],
    ['1b000000e8d4a51000', '1000000000000'],
    ['1bffffffffffffffff', '18446744073709551615'],
    ['c249010000000000000000', '18446744073709551616'],
    ['3bffffffffffffffff', '-18446744073709551616'],
    ['c349010000000000000000', '-18446744073709551617'],
    ['20', '-1'],
    ['3903e7', '-1000'],
    ['f90000', '0E00'],
    ['f98000', '-0E00'],
    ['f93c00', '1E00'],
    ['fb3ff199999999999a', '1.1'],
    ['f97bff', '65504E00'],
    ['fa47c35000', '100000E0'],
    ['fa7f7fffff', '3.4028234663852886E38'],
    ['fb7e37e43c8800759c', '1e+300'],
    ['f90001', '5.960464477539063E-08'],
    ['f90400', '0.00006103515625E00'],
    ['fbc010666666666666', '-4.1'],
    ['f4', 'false'],
    ['f6', 'null'],
    ['60', '""'],
    ['6449455446', '"IETF"'],
    ['62c3bc', '"ü"'],
    ['64f0908591', '"𐅑"'],
    ['80', '[]'],
    ['8301820203820405', '[1,[2,3],[4,5]]'],
    ['a0', '{}'],
    ['a26161016162820203', '{"a":1,"b":[2,3]}'],
  ];
  for (const [hex, json] of examples) {
    assert.equal(textOf(cbor, hex), json, hex);
    assert.equal(cbor.encode!(json)?.toString('hex'), hex, json);
  }
});

test('what JSON cannot say is shown, and encoding that gives other bytes', () => {
  const views: readonly (readonly [hex: string, json: string])[] = [
    ['4401020304', '"AQIDBA=="'],
    ['5f42010243030405ff', '"AQIDBAU="'],
    ['7f657374726561646d696e67ff', '"streaming"'],
    ['9f01820203ff', '[1,[2,3]]'],
    ['bf61610161629f0203ffff', '{"a":1,"b":[2,3]}'],
    ['a201020304', '{"1":2,"3":4}'],
    ['a141ff00', '{"/w==":0}'],
    ['f7', 'null'],
    ['f97c00', '"Infinity"'],
    ['f97e00', '"NaN"'],
    ['fbfff0000000000000', '"-Infinity"'],
    ['c074323031332d30332d32315432303a30343a30305a', '"2013-03-21T20:04:00Z"'],
    ['c11a514b67b0', '1363896240'],
    ['1800', '0'],
  ];
  for (const [hex, json] of views) {
    assert.equal(textOf(cbor, hex), json, hex);
    assert.notEqual(cbor.encode!(json)?.toString('hex'), hex, json);
  }
});

test('bytes that are not exactly one CBOR item are refused, whatever length they claim', () => {
  const wrong = ['', '18', '0000', '62c328', '61ff', '81', 'a161', 'a1', '1c', 'ff', '9f', '5f6161ff', 'f8', 'e0', 'c1'];
  const lies = ['9bffffffffffffffff00', '5bffffffffffffffff', 'bb000000010000000000', '81'.repeat(100_000)];
  for (const hex of [...wrong, ...lies]) assert.equal(textOf(cbor, hex), undefined, hex.slice(0, 40));
  assert.equal(textOf(cbor, 'a2616101616102'), undefined, 'a name twice');
  assert.equal(textOf(cbor, 'a2010161310a'), undefined, 'a number and a text of the same name');
});

test('expressions see exact integers, floats as numbers, bytes as base64 text', () => {
  assert.deepEqual(decoded(cbor, 'a3616101616241ff6163f93e00'), { a: 1, b: '/w==', c: 1.5 });
  assert.deepEqual(decoded(cbor, '821b001fffffffffffff1b0020000000000001'), [9007199254740991, 9007199254740993n]);
  assert.deepEqual(Object.keys(decoded(cbor, 'a1695f5f70726f746f5f5f01') as object), ['__proto__']);
});

test('JSON that CBOR or a reader of JSON would not keep is refused', () => {
  refuses(cbor, [
    '',
    '{"a":1',
    'abc',
    '{"a":1,"a":2}',
    '"\\ud800"',
    '{"\\udc00":1}',
    '1e400',
    '1e-400',
    '['.repeat(2000) + ']'.repeat(2000),
  ]);
});

test('any JSON goes there and back to the same text', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const value = JSON.parse(json);
      const shown = back(cbor, json)!;
      assert.deepEqual(JSON.parse(shown), value);
      assert.equal(back(cbor, shown), shown);
    }),
    { numRuns: 500 },
  );
});

test('any bytes are read without an error, and what is shown for them can be written', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (content) => {
      const shown = textOf(cbor, Buffer.from(content).toString('hex'));
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
      assert.deepEqual(otherDecode(cbor.encode!(JSON.stringify(value))!), JSON.parse(JSON.stringify(value)));
      assert.deepEqual(decoded(cbor, Buffer.from(otherEncode(value)).toString('hex')), value);
    }),
    { numRuns: 500 },
  );
});
