/** JSON → bytes: all forms that ProtoJSON has, exactly; and what does not fit, with its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexOf, jsonOf, proto2, proto3, refusal } from './support.ts';

const order = `
  enum Status { UNKNOWN = 0; PAID = 1; SHIPPED = 2; }
  message Order {
    int64 id = 1; uint32 quantity = 2; repeated Item items = 3; map<string, int32> counts = 4; Status status = 5;
    bytes raw = 6; double price = 7; float rate = 8; bool is_gift = 9; string note = 10; map<uint64, bool> seen = 11;
    oneof payment { string card = 12; string iban = 13; } optional int32 rank = 14; sint64 delta = 15; fixed64 hash = 16;
  }
  message Item { string sku = 1; int32 price_cents = 2; }`;

test('fields are written by number, whatever their order; defaults of implicit presence are left out', async () => {
  const message = await proto3(order, 'Order');
  assert.equal(hexOf(message, '{"note":"x","id":1}'), '0801520178');
  assert.equal(
    hexOf(
      message,
      '{"id":0,"quantity":0,"items":[],"counts":{},"status":"UNKNOWN","raw":"","price":0,"isGift":false,"note":"","rank":0}',
    ),
    '7000',
  );
  assert.equal(hexOf(message, '{"price":-0}'), '390000000000000080');
  assert.equal(hexOf(message, '{"id":null,"items":null,"rank":null,"card":null,"iban":"x"}'), '6a0178');
  assert.equal(hexOf(message, ' {\n} '), '');
});

test('both names of a field, and every form of a value', async () => {
  const message = await proto3(order, 'Order');
  const same: [form: string, other: string][] = [
    ['{"isGift":true}', '{"is_gift":true}'],
    ['{"id":"9007199254740993"}', '{"id":9007199254740993}'],
    ['{"id":-9223372036854775808}', '{"id":"-9223372036854775808"}'],
    ['{"id":100}', '{"id":1e2}'],
    ['{"id":100}', '{"id":"100.0"}'],
    ['{"hash":"18446744073709551615"}', '{"hash":18446744073709551615}'],
    ['{"status":"SHIPPED"}', '{"status":2}'],
    ['{"raw":"-_8="}', '{"raw":"+/8"}'],
    ['{"price":"1.5"}', '{"price":1.5}'],
    ['{"price":123456789012345678901}', '{"price":1.2345678901234568e20}'],
  ];
  for (const [form, other] of same) assert.equal(hexOf(message, form), hexOf(message, other), form);
  assert.equal(hexOf(message, '{"status":9,"rate":"NaN","price":"-Infinity"}'), '280939000000000000f0ff450000c07f');
  assert.equal(
    hexOf(message, '{"seen":{"18446744073709551615":true,"0":false}}'),
    '5a0d08ffffffffffffffffff0110015a0408001000',
  );
  assert.equal(hexOf(message, '{"delta":"-9223372036854775808"}'), '78ffffffffffffffffff01');
});

test('what does not fit is told with its path, what was found, and what is wanted', async () => {
  const message = await proto3(order, 'Order');
  const cases: [json: string, refusal: string][] = [
    ['{"id":"abc"}', 'id: "abc" is not a whole number (int64)'],
    ['{"id":1.5}', 'id: 1.5 is not a whole number (int64)'],
    ['{"id":9223372036854775808}', 'id: 9223372036854775808 is not from -9223372036854775808 to 9223372036854775807 (int64)'],
    ['{"quantity":-1}', 'quantity: -1 is not from 0 to 4294967295 (uint32)'],
    [
      '{"items":[{},{"priceCents":3000000000}]}',
      'items[1].priceCents: 3000000000 is not from -2147483648 to 2147483647 (int32)',
    ],
    ['{"items":{}}', 'items: an object is not a list'],
    ['{"items":[null]}', 'items[0]: null is not an object (Item)'],
    ['{"items":[{"sku":5}]}', 'items[0].sku: 5 is not text'],
    ['{"counts":{"a b":true}}', 'counts["a b"]: true is not a whole number (int32)'],
    ['{"counts":{"a":null}}', 'counts.a: null is not a whole number (int32)'],
    ['{"counts":[]}', 'counts: a list is not an object, one member for each key'],
    ['{"seen":{"-1":true}}', 'seen["-1"]: "-1" is not from 0 to 18446744073709551615 (uint64)'],
    ['{"status":"PAYED"}', 'status: "PAYED" is not a name of Status (did you mean PAID?)'],
    ['{"status":1.5}', 'status: 1.5 is not a name of Status'],
    ['{"raw":"a"}', 'raw: "a" is not base64'],
    ['{"raw":"ab*="}', 'raw: "ab*=" is not base64'],
    ['{"price":"x"}', 'price: "x" is not a number (double)'],
    ['{"price":1e999}', 'price: Infinity is not within the range of double'],
    ['{"rate":1e39}', 'rate: 1e+39 is not within the range of float'],
    ['{"isGift":"true"}', 'isGift: "true" is not true or false'],
    ['{"note":"\\ud800"}', 'note: half of a surrogate pair, which has no UTF-8'],
    ['{"card":"a","iban":"b"}', ': card and iban exclude each other (oneof)'],
    ['{"qantity":1}', ': Order has no field "qantity" (did you mean quantity?)'],
    ['{"isGift":true,"is_gift":true}', ': is_gift is there twice, under both of its names'],
    ['[]', ': a list is not an object (Order)'],
    ['null', ': null is not an object (Order)'],
  ];
  for (const [json, expected] of cases)
    assert.equal(
      refusal(() => message.encode(json)),
      expected,
      json,
    );
  assert.match(
    refusal(() => message.encode('{"id":}')),
    /^: /,
  );
  assert.match(
    refusal(() => message.encode('')),
    /^: /,
  );
});

test('a name that is twice in one object is refused, and maps keep their order', async () => {
  const message = await proto3('message M { map<int32, int32> m = 1; int32 a = 2; }');
  assert.match(
    refusal(() => message.encode('{"a":1,"a":2}')),
    /"a" is there twice/,
  );
  assert.match(
    refusal(() => message.encode('{"m":{"1":1,"1":2}}')),
    /"1" is there twice/,
  );
  assert.equal(hexOf(message, '{"m":{"2":1,"1":2}}'), '0a04080210010a0408011002');
});

test('closed enums take only what they know; defaults of proto2 are written, since they are there', async () => {
  const message = await proto2(
    'enum E { A = 1; } message M { optional E e = 1; optional int32 i = 2 [default = 5]; repeated int32 r = 3; repeated int32 p = 4 [packed = true]; }',
  );
  assert.equal(
    refusal(() => message.encode('{"e":2}')),
    'e: 2 is not a number of E',
  );
  assert.equal(hexOf(message, '{"e":1,"i":5,"r":[1,2],"p":[1,2]}'), '080110051801180222020102');
  assert.equal(jsonOf(message, ''), '{"e":"A","i":5,"r":[],"p":[]}');
});
