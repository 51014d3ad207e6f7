/** What is asked of a registry about its subjects, where registries differ. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { checkSchema } from '../../../../src/schemas/registry/check.ts';
import { deleteVersions, planDeletion } from '../../../../src/schemas/registry/deletion.ts';
import { listSubjects, rangesText } from '../../../../src/schemas/registry/overview.ts';
import { registeredAs, registerSchema } from '../../../../src/schemas/registry/register.ts';
import { globalLevel, levelOf, placesOf, referrersOf, setLevel } from '../../../../src/schemas/registry/subjects.ts';
import type { Answer, StoredSchema } from '../../../support/confluent-registry.ts';
import { opened, serving } from './opened.ts';

const a = { id: 1, subject: 'a', schema: '{"type":"record","name":"R","fields":[]}' };
const draft = { type: 'AVRO', text: '"int"', references: [] } as const;

/** A registry that gives these answers, by method and path without the query. */
async function answering(t: TestContext, answers: Record<string, Answer>, schemas: readonly StoredSchema[] = [a]) {
  const server = await serving(t, schemas, ({ method, path }) => answers[`${method} ${path.split('?')[0]}`]);
  return { server, registry: opened(t, server.url) };
}

const level = (compatibilityLevel: string): Answer => ({ status: 200, body: { compatibilityLevel } });
const missing = (error_code: number): Answer => ({ status: 404, body: { error_code, message: 'none' } });

test("a subject's level is its own or the global one, whether the registry refuses to answer for it or answers with the global one", async (t) => {
  const confluent = await answering(t, { 'GET /config': level('BACKWARD'), 'GET /config/a': missing(40408) });
  assert.deepEqual(await levelOf(confluent.registry.client, 'a', 'BACKWARD'), { level: 'BACKWARD', own: false });
  const apicurio = await answering(t, { 'GET /config': level('NONE'), 'GET /config/a': level('NONE') });
  assert.equal(await globalLevel(apicurio.registry.client), 'NONE');
  assert.deepEqual(await levelOf(apicurio.registry.client, 'a', 'NONE'), { level: 'NONE', own: false });
  const own = await answering(t, { 'GET /config/a': level('FULL') });
  assert.deepEqual(await levelOf(own.registry.client, 'a', 'NONE'), { level: 'FULL', own: true });
});

test('a level that the registry does not know is refused in its own words, plain text included', async (t) => {
  const { registry } = await answering(t, { 'PUT /config/a': { status: 400, body: 'Illegal level' } });
  await assert.rejects(setLevel(registry.client, 'a', 'LOOSE'), { kind: 'refused', message: /\(Illegal level\)$/ });
});

test('what older registries cannot say is unknown, and no error', async (t) => {
  const { registry } = await answering(t, {});
  assert.deepEqual(await placesOf(registry.client, 1), []);
  assert.deepEqual(await referrersOf(registry.client, 'a', 1), []);
  assert.equal(await registeredAs(registry.client, 'a', draft), undefined);
});

test('registering gives id and version, also where the registry answers with the id only', async (t) => {
  const { server, registry } = await answering(t, {
    'POST /subjects/a/versions': { status: 200, body: { id: 5 } },
    'POST /subjects/a': { status: 200, body: { subject: 'a', id: 5, version: 2, schema: '"int"' } },
    'POST /subjects/b/versions': { status: 200, body: { id: 6, version: 1, guid: 'x' } },
  });
  assert.deepEqual(await registerSchema(registry.client, 'a', draft), { id: 5, version: 2 });
  assert.deepEqual(await registerSchema(registry.client, 'b', { ...draft, type: 'JSON' }, true), { id: 6, version: 1 });
  const [first, , last] = server.requests;
  assert.deepEqual(JSON.parse(first!.body), { schema: '"int"' });
  assert.deepEqual(JSON.parse(last!.body), { schema: '"int"', schemaType: 'JSON' });
  assert.equal(last!.path, '/subjects/b/versions?normalize=true');
});

const confluentMessages = [
  "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'n' at path '/fields/0' in the new schema has no default value and is missing in the old schema', additionalInfo:'n'}",
  '{oldSchemaVersion: 1}',
  '{oldSchema: \'{"type":"record"}\'}',
  "{compatibility: 'BACKWARD'}",
];

test("what breaks is said in kt's words for Avro, else in the registry's without what is known, or it is said that nobody says", async (t) => {
  const check = async (body: unknown, text: string, type: 'AVRO' | 'JSON' = 'AVRO') => {
    const { registry } = await answering(t, {
      'GET /config': level('BACKWARD'),
      'GET /config/a': missing(40408),
      'POST /compatibility/subjects/a/versions/1': { status: 200, body },
    });
    const [checked] = await checkSchema(registry, 'a', { type, text, references: [] }, undefined);
    return checked?.problems;
  };
  const refused = { is_compatible: false, messages: confluentMessages };
  const wider = '{"type":"record","name":"R","fields":[{"name":"n","type":"int"}]}';
  assert.deepEqual(await check(refused, wider), ['field n was added without a default']);
  assert.deepEqual(await check(refused, '{}', 'JSON'), [
    "The field 'n' at path '/fields/0' in the new schema has no default value and is missing in the old schema",
  ]);
  assert.deepEqual(await check({ is_compatible: false, reason: 'because' }, '{}', 'JSON'), ['because']);
  assert.deepEqual(await check({ is_compatible: false }, '{}', 'JSON'), ['the registry does not say what breaks']);
  assert.deepEqual(await check({ is_compatible: true, reason: null }, wider), []);
});

test('a transitive level is checked against every version, as registering would', async (t) => {
  const versions = [a, { ...a, id: 2, version: 2 }];
  const verdict = { status: 200, body: { is_compatible: true } };
  const { registry } = await answering(
    t,
    {
      'GET /config': level('FULL_TRANSITIVE'),
      'POST /compatibility/subjects/a/versions/1': verdict,
      'POST /compatibility/subjects/a/versions/2': verdict,
    },
    versions,
  );
  const checkedVersions = async (against: 'latest' | 'all' | number | undefined) =>
    (await checkSchema(registry, 'a', draft, against)).map(({ version }) => version);
  assert.deepEqual(await checkedVersions(undefined), [1, 2]);
  assert.deepEqual(await checkedVersions('latest'), [2]);
  assert.deepEqual(await checkedVersions('all'), [1, 2]);
  assert.deepEqual(await checkedVersions(1), [1]);
  await assert.rejects(checkSchema(registry, 'x', draft, undefined), { kind: 'refused', code: 'SUBJECT_NOT_FOUND' });
});

test('with level NONE every check passes, whatever faults a registry finds: it takes the schema all the same', async (t) => {
  const { registry } = await answering(t, {
    'GET /config': level('NONE'),
    'POST /compatibility/subjects/a/versions/1': { status: 200, body: { is_compatible: false } },
  });
  const [checked] = await checkSchema(registry, 'a', draft, undefined);
  assert.deepEqual([checked?.level, checked?.compatible, checked?.problems], ['NONE', true, []]);
});

test('a refused deletion fails as a whole and is told once', async (t) => {
  const versions = [a, { ...a, id: 2, version: 2 }];
  const body = { error_code: 42206, message: 'One or more references exist' };
  const { registry } = await answering(t, { 'DELETE /subjects/a': { status: 422, body } }, versions);
  const plan = await planDeletion(registry.client, 'a', undefined, false);
  const outcomes = await deleteVersions(registry.client, plan, { permanent: false, whole: true });
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['failed', 'failed'],
  );
  assert.deepEqual(
    outcomes.map(({ error }) => error?.code),
    ['REFERENCE_EXISTS', undefined],
  );
});

test('the list has what there is to know of each subject, and one that vanishes meanwhile is left out', async (t) => {
  const { registry } = await answering(t, {
    'GET /subjects': { status: 200, body: ['a', 'gone'] },
    'GET /config': level('BACKWARD'),
    'GET /config/a': missing(40408),
  });
  const type = 'AVRO' as const;
  assert.deepEqual(await listSubjects(registry.client, undefined, false), [
    { subject: 'a', versions: [1], latestId: 1, type, compatibility: 'BACKWARD', deleted: false },
  ]);
  assert.equal(rangesText([1, 2, 3, 5, 7, 8]), '1-3, 5, 7-8');
});
