/** Looking up the schemas that records name: what is kept, and what is asked for again. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { lookUpWith } from '../../../../src/records/schemas/look-up.ts';
import { RecordSchemas } from '../../../../src/records/schemas/record-schemas.ts';
import { RegistryError } from '../../../../src/schemas/registry/error.ts';
import type { SchemaSource } from '../../../../src/schemas/registry/source.ts';
import { fetched } from '../../../support/fetched.ts';

test('a registry that was away is asked again, by those who go on reading, and both is told once', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  let [asked, isAway] = [0, true];
  const source = {
    async byId(id: number) {
      if (id !== 7) return { type: 'AVRO', text: '"long"', references: [] };
      asked++;
      if (isAway) throw new RegistryError('connection', 'no answer from http://registry');
      return { type: 'AVRO', text: '"string"', references: [] };
    },
  } as unknown as SchemaSource;
  const lookUp = lookUpWith({ source, note, style: { rawLogical: false, avroJson: false }, readerSchema: undefined });
  const schemas = new RecordSchemas({ fields: { value: 'schema' }, lookUp, given: {}, onDecodeError: 'raw', note });
  const value = Buffer.of(0, 0, 0, 0, 7, 2, 97);
  const shown = async () => {
    const records = fetched([{ value }, { value }]);
    await schemas.prepare(records);
    const texts: (string | undefined)[] = [];
    records.each(({ bytes, valueStart, valueEnd }) => {
      texts.push(schemas.serde('value')!.text!(bytes, valueStart, valueEnd));
    });
    return texts;
  };
  for (let batch = 0; batch < 200; batch++) assert.deepEqual(await shown(), [undefined, undefined]);
  assert.equal(asked, 1);
  await lookUp({ kind: 'id', id: '8' });
  isAway = false;
  assert.deepEqual(await shown(), [undefined, undefined], 'it is not asked for each batch');
  mock.timers.tick(30_000);
  assert.deepEqual(await shown(), ['"a"', '"a"']);
  assert.equal(schemas.prepare(fetched([{ value }])), undefined, 'what is found is kept');
  assert.equal(asked, 2);
  assert.deepEqual(
    notes.map((text) => text.replace(/orders:2 at offset \d+/, '…')),
    [
      'no answer from http://registry: data whose schemas are not cached is shown as it is',
      '…: the value names schema id 7 (the registry could not be asked); such data is shown as it is',
      'the registry answers again',
    ],
  );
});

test('a schema that is of no use is a matter of its own: the registry is not away', async () => {
  const notes: string[] = [];
  const source = {
    async byId(id: number) {
      if (id === 8) throw new RegistryError('refused', 'the references of a schema cannot be resolved (a circle)');
      return { type: 'AVRO', text: '"string"', references: [] };
    },
  } as unknown as SchemaSource;
  const note = (text: string) => void notes.push(text);
  const lookUp = lookUpWith({ source, note, style: { rawLogical: false, avroJson: false }, readerSchema: undefined });
  assert.deepEqual(await lookUp({ kind: 'id', id: '8' }), { why: 'the references of a schema cannot be resolved (a circle)' });
  assert.ok('format' in (await lookUp({ kind: 'id', id: '7' })));
  assert.deepEqual(notes, []);
});

test('an address where no registry is says so, not that the schema is missing', async () => {
  const found: unknown[] = [];
  for (const code of ['HTTP_404', 'SCHEMA_NOT_FOUND']) {
    const source = {
      async byId() {
        throw new RegistryError('refused', 'no', { status: 404, code, hint: 'is http://host the address?' });
      },
    } as unknown as SchemaSource;
    const lookUp = lookUpWith({
      source,
      note: () => {},
      style: { rawLogical: false, avroJson: false },
      readerSchema: undefined,
    });
    found.push(await lookUp({ kind: 'id', id: '7' }));
  }
  assert.deepEqual(found, [{ why: 'nothing is found; is http://host the address?' }, { why: 'the registry does not have it' }]);
});
