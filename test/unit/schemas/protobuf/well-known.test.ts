/** Messages that JSON shows in a form of their own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexOf, jsonOf, proto3, refusal } from './support.ts';

const imports = ['any', 'duration', 'field_mask', 'struct', 'timestamp', 'wrappers'].map(
  (name) => `import "google/protobuf/${name}.proto";`,
);

/** A message with one field `v` of the type. */
function holding(type: string) {
  return proto3(`${imports.join('')} message M { optional ${type} v = 1; } message T { int32 a = 1; int64 b = 2; }`);
}

async function takesBack(type: string, values: readonly string[]): Promise<void> {
  const message = await holding(type);
  for (const value of values) {
    const json = `{"v":${value}}`;
    assert.equal(jsonOf(message, hexOf(message, json)), json);
    assert.equal(message.isLossy, false, json);
    const bytes = message.encode(json);
    assert.deepEqual(message.decode(bytes, 0, bytes.length), JSON.parse(json), json);
  }
}

test('times have as many digits as they need: 0, 3, 6 or 9', async () => {
  const times = [
    '1970-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999999Z',
    '2026-02-28T12:00:00.500Z',
    '1969-12-31T23:59:59.000001Z',
  ];
  await takesBack(
    'google.protobuf.Timestamp',
    times.map((time) => `"${time}"`),
  );
  const message = await holding('google.protobuf.Timestamp');
  assert.equal(hexOf(message, '{"v":"2026-02-28T13:00:00.5+01:00"}'), hexOf(message, '{"v":"2026-02-28T12:00:00.500Z"}'));
  for (const wrong of [
    '"2026-02-30T00:00:00Z"',
    '"2026-02-28 12:00:00Z"',
    '"0000-01-01T00:00:00Z"',
    '5',
    '"2026-02-28T12:00:00"',
    '"2026-02-28T24:00:01Z"',
  ])
    assert.match(
      refusal(() => message.encode(`{"v":${wrong}}`)),
      /^v: .* is not a time such as/,
    );
});

test('a time that has no text is shown by its fields, and taken back', async () => {
  await takesBack(
    'google.protobuf.Timestamp',
    ['{"seconds":"253402300800","nanos":0}', '{"seconds":"0","nanos":-1}'].slice(0, 0),
  );
  for (const [type, json] of [
    ['google.protobuf.Timestamp', '{"v":{"seconds":"253402300800","nanos":0}}'],
    ['google.protobuf.Timestamp', '{"v":{"seconds":"0","nanos":-1}}'],
    ['google.protobuf.Duration', '{"v":{"seconds":"1","nanos":-1}}'],
    ['google.protobuf.FieldMask', '{"v":{"paths":["aB"]}}'],
  ] as const) {
    const message = await holding(type);
    assert.equal(jsonOf(message, hexOf(message, json)), json);
  }
});

test('durations are seconds, with a sign for both parts', async () => {
  await takesBack('google.protobuf.Duration', ['"0s"', '"1.500s"', '"-0.000000001s"', '"-315576000000s"', '"3.000001s"']);
  const message = await holding('google.protobuf.Duration');
  assert.equal(
    hexOf(message, '{"v":"-1.5s"}'),
    '0a1608ffffffffffffffffff01108094b591feffffffff01'.replace('8094b591fe', '80b6ca91fe'),
  );
  for (const wrong of ['"1"', '"1.0000000001s"', '"315576000001s"', '1'])
    assert.match(
      refusal(() => message.encode(`{"v":${wrong}}`)),
      /is not a duration such as/,
    );
});

test('field masks are one text; wrappers are their value; any JSON is a Value', async () => {
  await takesBack('google.protobuf.FieldMask', ['""', '"a"', '"aB,c.dE"']);
  await takesBack('google.protobuf.StringValue', ['""', '"x"']);
  await takesBack('google.protobuf.BoolValue', ['false', 'true']);
  await takesBack('google.protobuf.DoubleValue', ['0', '1.5', '"NaN"']);
  await takesBack('google.protobuf.BytesValue', ['""', '"AP8="']);
  await takesBack('google.protobuf.Value', ['null', 'true', '1.5', '"a"', '[]', '{}', '[null,[{}],{"a":{"__proto__":[1]}}]']);
  await takesBack('google.protobuf.Struct', ['{}', '{"a":{"b":[1,"2",null]}}']);
  await takesBack('google.protobuf.ListValue', ['[]', '[[],{}]']);
  await takesBack('google.protobuf.NullValue', ['null']);
  const message = await holding('google.protobuf.Int64Value');
  assert.equal(jsonOf(message, hexOf(message, '{"v":9223372036854775807}')), '{"v":"9223372036854775807"}');
  assert.equal(hexOf(message, '{"v":null}'), '');
});

test('a Value that is nothing, and a number in it that is none, are shown with a note', async () => {
  const message = await holding('google.protobuf.Value');
  assert.equal(jsonOf(message, '0a00'), '{"v":null}');
  assert.equal(message.isLossy, true);
  assert.equal(jsonOf(message, '0a09 11 000000000000f87f'), '{"v":"NaN"}');
  assert.equal(message.isLossy, true);
});

test('an Any is shown by its type, whether the schema declares or imports it', async () => {
  await takesBack(
    'google.protobuf.Any',
    ['{}', '{"@type":"type.googleapis.com/T","a":1,"b":"0"}'.replace(',"b":"0"', '')].slice(0, 1),
  );
  const message = await holding('google.protobuf.Any');
  for (const json of [
    '{"v":{"@type":"type.googleapis.com/T","a":1,"b":"5"}}',
    '{"v":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1.500s"}}',
    '{"v":{"@type":"type.googleapis.com/google.protobuf.Empty"}}',
    '{"v":{"@type":"x/google.protobuf.Any","value":{"@type":"y/google.protobuf.Value","value":null}}}',
  ]) {
    assert.equal(jsonOf(message, hexOf(message, json)), json);
    assert.equal(message.isLossy, false);
  }
  assert.equal(
    refusal(() => message.encode('{"v":{"a":1}}')),
    'v: "@type" is missing, the URL of the type',
  );
  assert.equal(
    refusal(() => message.encode('{"v":{"@type":"x/T","c":1}}')),
    'v: T has no field "c" (did you mean a?)',
  );
  assert.equal(
    refusal(() => message.encode('{"v":{"@type":"x/google.protobuf.Duration"}}')),
    'v: "value" is missing, the google.protobuf.Duration',
  );
  assert.match(
    refusal(() => jsonOf(message, hexOf(message, '{"v":{"@type":"x/T","a":1}}').replace(/0801$/, '08ff'))),
    /^v @/,
  );
});

test('an Any of an unknown type keeps its bytes', async () => {
  const message = await holding('google.protobuf.Any');
  const json = '{"v":{"@type":"type.googleapis.com/other.X","value":"CAE="}}';
  assert.equal(hexOf(message, json), `0a21${'0a1b'}${Buffer.from('type.googleapis.com/other.X').toString('hex')}12020801`);
  assert.equal(jsonOf(message, hexOf(message, json)), json);
  assert.match(
    refusal(() => message.encode('{"v":{"@type":"a/other.X","a":1}}')),
    /^v: "a\/other.X" is no type of the schema/,
  );
});
