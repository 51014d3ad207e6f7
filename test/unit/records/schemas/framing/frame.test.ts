import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaFrame } from '../../../../../src/records/schemas/framing/frame.ts';
import { nameOf } from '../../../../../src/records/schemas/framing/named-schema.ts';
import { fetched } from '../../../../support/fetched.ts';

const guid = '89791762-2336-4186-9674-299b90a802e2';
const guidHex = guid.replaceAll('-', '');

/** What the frame of a value says, and the data behind it. */
function found(value: string, headers: Readonly<Record<string, string>> = {}, field: 'key' | 'value' = 'value') {
  const records = fetched([
    {
      value: Buffer.from(value, 'hex'),
      headers: Object.entries(headers).map(([name, hex]) => [name, Buffer.from(hex, 'hex')]),
    },
  ]);
  const frame = new SchemaFrame(field);
  let said: unknown;
  records.each((record) => {
    frame.at(record);
    frame.read(record.bytes, record.valueStart, record.valueEnd);
    const { schema, start: at, indexes, message, isDeflated } = frame;
    said = {
      schema: schema && nameOf(schema),
      data: record.bytes.toString('hex', at, record.valueEnd),
      ...(indexes && { indexes: indexes.toString('hex') }),
      ...(message !== undefined && { message }),
      ...(isDeflated && { isDeflated }),
    };
  });
  return said;
}

test('a schema named in front of the data is found in every form that serializers write', () => {
  assert.deepEqual(found('00000000070468 69'.replace(' ', '')), { schema: 'schema id 7', data: '046869' });
  assert.deepEqual(found(`01${guidHex}0a`), { schema: `schema GUID ${guid}`, data: '0a' });
  assert.deepEqual(found('0000000000000000070468'), { schema: 'Apicurio global id 7', data: '0468' });
  assert.deepEqual(found('c3018f5c393f1ad575720a'), { schema: 'Avro fingerprint 7275d51a3f395c8f', data: '0a' });
  assert.deepEqual(found(`0300${guidHex}0a`), { schema: `AWS Glue schema version ${guid}`, data: '0a' });
  assert.deepEqual(found(`0305${guidHex}0a`), { schema: `AWS Glue schema version ${guid}`, data: '0a', isDeflated: true });
});

test('a schema named in a header is found, and counts before what the data looks like', () => {
  assert.deepEqual(found('0000000007', { __value_schema_id: `01${guidHex}` }), {
    schema: `schema GUID ${guid}`,
    data: '0000000007',
    indexes: '',
  });
  assert.deepEqual(found('0a', { __value_schema_id: `01${guidHex}0202` }), {
    schema: `schema GUID ${guid}`,
    data: '0a',
    indexes: '0202',
  });
  assert.deepEqual(found('0a', { __value_schema_id: '0000000009' }), { schema: 'schema id 9', data: '0a', indexes: '' });
  const type = Buffer.from('Person').toString('hex');
  assert.deepEqual(found('0a', { 'apicurio.value.globalId': '0000000000000005', 'apicurio.protobuf.type': type }), {
    schema: 'Apicurio global id 5',
    data: '0a',
    indexes: '',
    message: 'Person',
  });
  assert.deepEqual(found('0a', { 'apicurio.key.contentId': '0000000000000005' }), { schema: undefined, data: '0a' });
  assert.deepEqual(found('0a', { 'apicurio.key.contentId': '0000000000000005' }, 'key'), {
    schema: 'Apicurio content id 5',
    data: '0a',
    indexes: '',
  });
  const azure = Buffer.from('avro/binary+00112233445566778899aabbccddeeff').toString('hex');
  assert.deepEqual(found('0a', { 'content-type': azure }), {
    schema: 'Azure schema id 00112233445566778899aabbccddeeff',
    data: '0a',
  });
});

test('data without a name stays whole', () => {
  for (const hex of [
    '',
    '00',
    '00000007',
    'ffffffff07',
    '7b7d',
    '0000000000',
    `01${guidHex}`.slice(0, 32),
    '0301',
    'c302',
    '80ffffffff00',
  ])
    assert.deepEqual(found(hex), { schema: undefined, data: hex }, hex);
});
