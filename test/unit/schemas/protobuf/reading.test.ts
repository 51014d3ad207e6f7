/** What bytes mean: the order and form of fields, presence, maps, groups, enums; and what is wrong with damaged ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonOf, proto2, proto3, refusal, schemaOf } from './support.ts';

test('of a field that comes twice the last value counts, and messages are merged', async () => {
  const message = await proto3('message M { int32 a = 1; M m = 2; repeated int32 r = 3; string s = 4; }');
  assert.equal(JSON.parse(jsonOf(message, '0801 0802')).a, 2);
  assert.deepEqual(JSON.parse(jsonOf(message, '1202 0801 1206 2201 78 1a01 05 1204 1802 0803')).m, { a: 3, r: [5, 2], s: 'x' });
  // Fields out of order.
  assert.deepEqual(JSON.parse(jsonOf(message, '2201 78 1801 0805 1802')), { a: 5, r: [1, 2], s: 'x' });
});

test('of a oneof the last member stays; what is implicit is shown, what is optional only if it is there', async () => {
  const message = await proto3('message M { oneof o { int32 a = 1; M m = 2; } optional int32 c = 3; int32 d = 4; }');
  assert.equal(jsonOf(message, ''), '{"d":0}');
  assert.equal(jsonOf(message, '0800 1800'), '{"a":0,"c":0,"d":0}');
  assert.equal(jsonOf(message, '0801 1202 2005'), '{"m":{"d":5},"d":0}');
  assert.equal(jsonOf(message, '1202 2005 0801'), '{"a":1,"d":0}');
  // Another member in between: the first message is gone.
  assert.equal(jsonOf(message, '1202 2005 0801 1202 1801'), '{"m":{"c":1,"d":0},"d":0}');
});

test('packed and unpacked lists are both read, in any mixture', async () => {
  const message = await proto3('message M { repeated sint32 r = 1; repeated fixed64 f = 2 [packed = false]; }');
  assert.equal(
    jsonOf(message, '0a02 0102 0803 0a01 04 1108 00000000000000 1208 0900000000000000'),
    '{"r":[-1,1,-2,2],"f":["8","9"]}',
  );
  assert.equal(jsonOf(message, '0a00'), '{"r":[],"f":[]}');
});

test('of a key that comes twice in a map the last value counts; order stays', async () => {
  const message = await proto3('message M { map<string, int32> m = 1; map<int64, M> n = 2; map<bool, string> b = 3; }');
  assert.equal(jsonOf(message, '0a05 0a0162 1001 0a05 0a0161 1002 0a05 0a0162 1003'), '{"m":{"b":3,"a":2},"n":{},"b":{}}');
  // Without key or value; the value first.
  assert.equal(jsonOf(message, '0a00 1202 0809 1a00'), '{"m":{"":0},"n":{"9":{"m":{},"n":{},"b":{}}},"b":{"false":""}}');
  assert.equal(jsonOf(message, '0a05 1001 0a0162'), '{"m":{"b":1},"n":{},"b":{}}');
  const many = Array.from(
    { length: 40 },
    (_, index) => `0a05 0a01${(0x41 + (index % 39)).toString(16)} 10${index.toString(16).padStart(2, '0')}`,
  );
  const { m } = JSON.parse(jsonOf(message, many.join('')));
  assert.equal(Object.keys(m).length, 39);
  assert.equal(m.A, 39);
});

test('names that JavaScript takes for something else are names', async () => {
  const message = await proto3(
    'message M { map<string, int32> __proto__ = 1 [json_name = "__proto__"]; int32 constructor = 2; }',
  );
  const json = '{"__proto__":{"__proto__":1},"constructor":2}';
  const bytes = message.encode(json);
  assert.equal(jsonOf(message, bytes.toString('hex')), json);
  const value = message.decode(bytes, 0, bytes.length);
  assert.equal(JSON.stringify(value), json);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test('groups are messages, also in a oneof; extensions have their full name in brackets', async () => {
  const message = await proto2(
    'package p; message M { repeated group G = 1 { optional int32 x = 1; optional G g = 2; } oneof o { group H = 3 { } } extensions 10 to 20; } extend M { optional int32 e = 10; repeated M ms = 11; }',
  );
  const hex = '0b 0801 0c 0b 0c 1b 1c 5005 5a02 5001';
  const json = '{"g":[{"x":1},{"x":0}],"h":{},"[p.e]":5,"[p.ms]":[{"g":[],"[p.e]":1}]}';
  assert.equal(jsonOf(message, hex), json);
  assert.equal(message.encode(json).toString('hex'), '0b08010c0b08000c1b1c50055a025001');
});

test('a number that an enum does not know is shown; one that a closed enum does not know is an unknown field', async () => {
  const open = await proto3('enum E { A = 0; } message M { E e = 1; repeated E r = 2; }');
  assert.equal(jsonOf(open, '0805 1203 000501'), '{"e":5,"r":["A",5,1]}');
  assert.equal(open.isLossy, false);
  const closed = await proto2(
    'enum E { A = 3; B = 4; } message M { optional E e = 1; repeated E r = 2; map<string, E> m = 3; }',
  );
  assert.equal(jsonOf(closed, ''), '{"e":"A","r":[],"m":{}}');
  assert.equal(
    jsonOf(closed, '0804 0805 1203 030504 1a05 0a0161 1005 1a05 0a0162 1004'),
    '{"e":"B","r":["A","B"],"m":{"b":"B"}}',
  );
  assert.equal(closed.isLossy, true);
});

test('what JSON cannot show is told: fields that are not known, and numbers wider than their field', async () => {
  const message = await proto3('message M { int32 i = 1; uint32 u = 2; bool b = 3; M m = 4; }');
  const lossy = (hex: string) => [JSON.parse(jsonOf(message, hex)), message.isLossy];
  assert.deepEqual(lossy('08ffffffffffffffffff01'), [{ i: -1, u: 0, b: false }, false]);
  assert.deepEqual(lossy('08ffffffff0f'), [{ i: -1, u: 0, b: false }, false]);
  assert.deepEqual(lossy('088080808010'), [{ i: 0, u: 0, b: false }, true]);
  assert.deepEqual(lossy('108180808010'), [{ i: 0, u: 1, b: false }, true]);
  assert.deepEqual(lossy('1802'), [{ i: 0, u: 0, b: true }, true]);
  assert.deepEqual(lossy('2202 2a00'), [{ i: 0, u: 0, b: false, m: { i: 0, u: 0, b: false } }, true]);
  assert.deepEqual(lossy('0801'), [{ i: 1, u: 0, b: false }, false]);
});

test('numbers are shown exactly, floats as short as a float can be', async () => {
  const message = await proto3('message M { float f = 1; double d = 2; sint64 s = 3; fixed64 u = 4; }');
  const cases: [hex: string, field: string, text: string][] = [
    ['0dcdcccc3d', 'f', '0.1'],
    ['0d01000000', 'f', '1e-45'],
    ['0dffff7f7f', 'f', '3.4028235e+38'],
    ['0d00000080', 'f', '-0'],
    ['0d0000c07f', 'f', '"NaN"'],
    ['119a9999999999b93f', 'd', '0.1'],
    ['110000000000000080', 'd', '-0'],
    ['11000000000000f0ff', 'd', '"-Infinity"'],
    ['18ffffffffffffffffff01', 's', '"-9223372036854775808"'],
    ['18 8080808080808020', 's', '"9007199254740992"'],
    ['21ffffffffffffffff', 'u', '"18446744073709551615"'],
  ];
  for (const [hex, field, text] of cases) {
    const shown = new RegExp(`"${field}":([^,}]*)`).exec(jsonOf(message, hex))![1];
    assert.equal(shown, text, hex);
  }
});

test('expressions see numbers, exact ones: bigints beyond 2^53', async () => {
  const message = await proto3(
    'message M { int64 a = 1; uint64 b = 2; optional double c = 3; bytes d = 4; map<int64, int64> m = 5; }',
  );
  const bytes = message.encode('{"a":"9007199254740991","b":"18446744073709551615","c":"NaN","d":"AP8=","m":{"5":6}}');
  assert.deepEqual(message.decode(bytes, 0, bytes.length), {
    a: 9007199254740991,
    b: 18446744073709551615n,
    c: 'NaN',
    d: 'AP8=',
    m: { 5: 6 },
  });
});

test('a damaged message is refused with field and byte', async () => {
  const message = await proto3(
    'message M { int32 a = 1; string s = 2; repeated M items = 3; map<string, M> by_key = 4; fixed32 f = 5; }',
  );
  const cases: [hex: string, refusal: string][] = [
    ['08', 'a @1: 1 byte missing at the end'],
    ['0880808080808080808080 01', 'a @1: a varint has more than 10 bytes'],
    ['08ffffffffffffffffff02', 'a @1: a varint has more than 64 bits'],
    ['1205 6162', 's @2: 3 bytes missing at the end'],
    ['1202 61ff', 's @2: this string is not UTF-8'],
    ['1a00 1a02 0880', 'items[1].a @5: 1 byte missing at the end'],
    ['2209 0a016b 1204 1202 ffff', 'byKey.k.s @9: this string is not UTF-8'],
    ['220a 0a02612e 1204 1202 ffff', 'byKey["a."].s @10: this string is not UTF-8'],
    ['2d0000', 'f @1: 2 bytes missing at the end'],
    ['0001', ' @0: 0 is no field number'],
    ['0e01', ' @0: 6 is no wire type'],
    ['0a00', 'a @0: a has the form of a length and bytes, not of a varint as declared'],
    ['3c', ' @1: a group ends that has not begun'],
    ['33', ' @1: a group does not end'],
    ['33 3b 34', ' @2: another group ends than the one that has begun last'],
  ];
  for (const [hex, expected] of cases) {
    assert.equal(
      refusal(() => jsonOf(message, hex)),
      expected,
      hex,
    );
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    assert.equal(
      refusal(() => message.decode(bytes, 0, bytes.length)),
      expected,
      hex,
    );
  }
});

test('what is required has to be there', async () => {
  const message = await proto2('message M { required int32 a = 1; optional M m = 2; }');
  assert.equal(jsonOf(message, '1202 0801 0802'), '{"a":2,"m":{"a":1}}');
  assert.equal(
    refusal(() => jsonOf(message, '')),
    ' @0: a is missing, which is required',
  );
  assert.equal(
    refusal(() => jsonOf(message, '0801 1200')),
    'm @3: a is missing, which is required',
  );
  assert.equal(
    refusal(() => message.encode('{"a":1,"m":{}}')),
    'm: a is missing, which is required',
  );
});

test('messages may be nested 300 deep, not more, whatever they are', async () => {
  const message = await proto2(
    'import "google/protobuf/struct.proto"; message M { optional M m = 1; optional group G = 2 { optional G g = 3; } optional google.protobuf.Value v = 4; map<string, M> k = 5; }',
  );
  for (const [tag, levels, accepted] of [
    [0x0a, 299, true],
    [0x0a, 100_000, false],
    [0x2a, 299, true],
    [0x2a, 50_000, false],
  ] as const) {
    let bytes = Buffer.alloc(0);
    const parts: Buffer[] = [];
    let length = 0;
    for (let level = 0; level < levels; level++) {
      const prefix = varints(tag === 0x2a ? [0x2a, length + 1 + varints([length]).length, 0x12, length] : [tag, length]);
      parts.push(prefix);
      length += prefix.length;
    }
    bytes = Buffer.concat(parts.reverse());
    if (accepted) {
      const json = jsonOf(message, bytes.toString('hex'));
      assert.equal(jsonOf(message, message.encode(json).toString('hex')), json);
      message.decode(bytes, 0, bytes.length);
    } else {
      assert.match(
        refusal(() => jsonOf(message, bytes.toString('hex'))),
        /nested deeper than 300$/,
      );
      assert.match(
        refusal(() => message.decode(bytes, 0, bytes.length)),
        /nested deeper than 300$/,
      );
    }
  }
  const groups = `13${'1b'.repeat(50_000)}`;
  assert.match(
    refusal(() => jsonOf(message, groups)),
    /nested deeper than 300$/,
  );
  assert.match(
    refusal(() => message.encode(`{"v":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)),
    /nested deeper/,
  );
});

function varints(numbers: readonly number[]): Buffer {
  const bytes: number[] = [];
  for (const number of numbers) {
    let rest = number;
    for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}

test('few bytes that would make very much JSON are refused soon', async () => {
  const fields = Array.from({ length: 1000 }, (_, index) => `int32 field_number_${index} = ${index + 2};`).join(' ');
  const message = await proto3(`message M { repeated M m = 1; ${fields} }`);
  assert.match(
    refusal(() => jsonOf(message, '0a00'.repeat(500_000))),
    /more than \d+ fields/,
  );
});

test('a message of an import is read as one of its own file', async () => {
  const schema = await schemaOf('syntax = "proto3"; import "google/protobuf/timestamp.proto"; message M {}');
  const timestamp = schema.compile('google.protobuf.Timestamp');
  assert.equal(jsonOf(timestamp, '0801'), '"1970-01-01T00:00:01Z"');
  assert.equal(timestamp.encode('"1970-01-01T00:00:01Z"').toString('hex'), '0801');
});
