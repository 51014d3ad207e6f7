import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMissing, isUnreachable } from '../../../../src/schemas/registry/error.ts';
import type { StoredSchema } from '../../../support/confluent-registry.ts';
import { opened, serving } from './opened.ts';

const address: StoredSchema = { id: 1, subject: 'address', schema: '{"type":"record","name":"Address","fields":[]}' };
const person: StoredSchema = {
  id: 2,
  subject: 'person',
  schema: '{"type":"record","name":"Person","fields":[{"name":"home","type":"Address"}]}',
  references: [{ name: 'Address', subject: 'address', version: 1 }],
};
const guid = '89791762-2336-4186-9674-299b90a802e2';

test('a schema comes with what it refers to, and a Confluent registry that says no type means Avro', async (t) => {
  const { url } = await serving(t, [address, person]);
  const schema = await opened(t, url).source.byId(2);
  assert.equal(schema.id, 2);
  assert.equal(schema.type, 'AVRO');
  assert.equal(schema.references[0]?.name, 'Address');
  assert.equal(schema.references[0]?.schema.text, address.schema);
  assert.equal(schema.references[0]?.schema.id, 1);
});

test('many who ask for one id at once are one request, and later ones are none', async (t) => {
  const server = await serving(t, [address]);
  const { source } = opened(t, server.url);
  const all = await Promise.all(Array.from({ length: 50 }, () => source.byId(1)));
  await source.byId(1);
  assert.equal(new Set(all).size, 1);
  assert.equal(server.requests.length, 1);
});

test('references that lead back to themselves are refused, not followed for ever', async (t) => {
  const { url } = await serving(t, [
    { id: 1, subject: 'a', schema: '"int"', references: [{ name: 'b', subject: 'b', version: 1 }] },
    { id: 2, subject: 'b', schema: '"int"', references: [{ name: 'a', subject: 'a', version: 1 }] },
  ]);
  const { source } = opened(t, url);
  await assert.rejects(source.byId(1), /b@1 → a@1 → b@1 is a circle/);
  await assert.rejects(source.bySubject('a', 1), /a@1 → b@1 → a@1 is a circle/);
});

test('a schema to which two others refer is asked for once', async (t) => {
  const both = ['left', 'right'].map((name, at) => ({
    id: at + 2,
    subject: name,
    schema: `"${name}"`,
    references: [{ name: 'Address', subject: 'address', version: 1 }],
  }));
  const root = {
    id: 9,
    subject: 'root',
    schema: '"root"',
    references: both.map(({ subject }) => ({ name: subject, subject, version: 1 })),
  };
  const server = await serving(t, [address, ...both, root]);
  const { references } = await opened(t, server.url).source.byId(9);
  assert.equal(references[0]?.schema.references[0]?.schema, references[1]?.schema.references[0]?.schema);
  assert.equal(server.requests.filter(({ path }) => path.startsWith('/subjects/address')).length, 1);
});

test('in a context an id is its own, and a reference means a subject of the same context', async (t) => {
  const { url } = await serving(t, [
    { ...address, schema: '"default"' },
    { ...address, subject: ':.shop:address', schema: '"shop"' },
    { ...person, subject: ':.shop:person' },
  ]);
  const { source } = opened(t, url);
  assert.equal((await source.byId(1)).text, '"default"');
  assert.equal((await source.byId(1, { context: '.shop' })).text, '"shop"');
  assert.equal((await source.byId(1, { subject: ':.shop:person' })).text, '"shop"');
  assert.equal((await source.byId(2, { context: '.shop' })).references[0]?.schema.text, '"shop"');
  assert.equal((await source.bySubject(':.shop:person', 'latest')).references[0]?.schema.text, '"shop"');
  const draft = { type: 'AVRO', text: person.schema, references: person.references! } as const;
  assert.equal((await source.ofDraft(draft, ':.shop:person')).references[0]?.schema.text, '"shop"');
});

test('a GUID leads to the schema, with the id that the default context has for it', async (t) => {
  const { url } = await serving(t, [
    { ...address, id: 7, subject: ':.shop:address', guid },
    { ...address, id: 5, guid },
  ]);
  const schema = await opened(t, url).source.byGuid(guid);
  assert.equal(schema.text, address.schema);
  assert.equal(schema.guid, guid);
  assert.equal(schema.id, 5);
});

test('an id that the registry does not know is missing, and it is not asked for again at once', async (t) => {
  const server = await serving(t, [address]);
  const { source } = opened(t, server.url);
  await assert.rejects(source.byId(99), (error) => isMissing(error) && !isUnreachable(error));
  await assert.rejects(source.byId(99), isMissing);
  assert.equal(server.requests.length, 1);
});

test('a registry that is away is asked once, and the other ids fail at once', async (t) => {
  const server = await serving(t, [], () => 'hang');
  const { source } = opened(t, server.url, { timeoutMs: 200 });
  await assert.rejects(source.byId(1), isUnreachable);
  await assert.rejects(source.byId(2), isUnreachable);
  assert.equal(server.requests.length, 1);
});

test('a type that kt does not know, and an answer without a schema, are errors and no schemas', async (t) => {
  const { url } = await serving(t, [{ ...address, schemaType: 'XML' }], ({ path }) =>
    path === '/schemas/ids/2' ? { status: 200, body: {} } : undefined,
  );
  const { source } = opened(t, url);
  await assert.rejects(source.byId(1), /its type is XML, and kt knows AVRO, PROTOBUF, JSON/);
  await assert.rejects(source.byId(2), /there is no schema in it/);
});

test("Apicurio's global ids are asked for in its own API, with what the schema refers to", async (t) => {
  const order =
    '{"type":"record","name":"Order","fields":[{"name":"to","type":"Address"},{"name":"max","default":9007199254740993,"type":"long"}]}';
  const own: Readonly<Record<string, unknown>> = {
    '/apis/registry/v2/ids/globalIds/7': order,
    '/apis/registry/v2/ids/globalIds/7/references': [{ artifactId: 'address', version: '1', name: 'Address' }],
    '/apis/registry/v2/ids/globalIds/8': 'syntax = "proto3"; message A {}',
    '/apis/registry/v2/ids/globalIds/8/references': [],
    '/apis/registry/v2/ids/globalIds/9': '"string"',
    '/apis/registry/v2/ids/globalIds/9/references': [{ groupId: 'other', artifactId: 'a', version: '1', name: 'a' }],
    '/apis/ccompat/v7/subjects/address/versions/1?deleted=true': {
      subject: 'address',
      version: 1,
      id: 1,
      schema: address.schema,
    },
  };
  const { url } = await serving(t, [], ({ path }) =>
    path in own ? { status: 200, body: own[path] } : { status: 404, body: { error_code: 404, message: 'No artifact' } },
  );
  const { source } = opened(t, `${url}/apis/ccompat/v7`);
  const found = await source.byGlobalId('7');
  assert.deepEqual([found.type, found.text, found.id], ['AVRO', order, undefined]);
  assert.equal(found.references[0]?.schema.text, address.schema);
  assert.equal((await source.byGlobalId('8')).type, 'PROTOBUF');
  await assert.rejects(source.byGlobalId('9'), /it refers to a of group other/);
  await assert.rejects(source.byGlobalId('10'), isMissing);
});

test('a registry that is not Apicurio is not asked for global ids', async (t) => {
  const server = await serving(t);
  await assert.rejects(opened(t, server.url).source.byGlobalId('7'), isMissing);
  assert.equal(server.requests.length, 0);
});
