/** `kt schemas` on a real Apicurio, beside a real Kafka. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { registryCluster } from '../support/clusters.ts';
import { kt } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const cluster = await registryCluster();
const folder = mkdtempSync(join(tmpdir(), 'kt-schemas-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const record = (name: string, ...fields: unknown[]) => JSON.stringify({ type: 'record', name, namespace: 'shop', fields });
const id = { name: 'id', type: 'long' };

function file(text: string, end = 'avsc'): string {
  const path = join(folder, `${randomUUID()}.${end}`);
  writeFileSync(path, `${text}\n`);
  return path;
}

for (const program of ['node', 'binary'] as const) {
  describe(`kt schemas as ${program}`, { concurrency: true }, () => {
    const { run: runOn, newTopic } = ktOn(cluster, program);
    const run = (...args: string[]) => runOn(['schemas', ...args, '--registry', cluster.registry]);
    const done = async (...args: string[]) => {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, `kt schemas ${args.join(' ')}\n${stderr}`);
      return stdout;
    };
    const json = async (...args: string[]) => JSON.parse(await done(...args, '-o', 'json'));
    const newSubject = () => `subject-${randomUUID()}`;

    test('a schema is registered once, listed, and printed as it was', async () => {
      const subject = newSubject();
      const text = record('Order', id, { name: randomUUID().replaceAll('-', '').replace(/^/, 'f'), type: 'string' });
      const path = file(text);
      const [tried] = await json('register', subject, '-f', path, '--dry-run');
      assert.equal(tried.status, 'valid');
      const [first] = await json('register', subject, '-f', path);
      assert.equal(first.status, 'registered');
      assert.equal(first.version, 1);
      const [again] = await json('register', subject, '-f', path);
      assert.deepEqual(again, { ...first, status: 'exists' });
      const [listed] = await json('list', subject);
      assert.deepEqual(listed, {
        subject,
        versions: [1],
        latestId: first.id,
        type: 'AVRO',
        compatibility: 'NONE',
        deleted: false,
      });
      assert.equal(await done('get', subject), `${text}\n`);
      assert.equal(await done('get', `id:${first.id}`), `${text}\n`);
      const shown = await json('get', `id:${first.id}`);
      assert.deepEqual(shown, { subject, version: 1, id: first.id, type: 'AVRO', references: [], schema: text });
    });

    test('the level decides what passes a check, and what breaks is said in words', async () => {
      const subject = newSubject();
      await done('register', subject, '-f', file(record('Order', id)));
      const wider = file(record('Order', id, { name: 'note', type: 'string' }));
      const none = await run('check', subject, '-f', wider, '-o', 'json');
      assert.equal(none.code, 0);
      assert.match(none.stderr, /is NONE, so every check passes/);
      assert.equal(JSON.parse(none.stdout)[0].level, 'NONE');
      const [set] = await json('compatibility', subject, 'backward');
      assert.deepEqual(set, { subject, level: 'BACKWARD', source: 'subject', before: 'NONE' });
      const { code, stdout, stderr } = await run('check', subject, '-f', wider, '-o', 'json');
      assert.equal(code, 1);
      const problems = ['field note was added without a default'];
      assert.deepEqual(JSON.parse(stdout), [{ subject, version: 1, level: 'BACKWARD', compatible: false, problems }]);
      assert.match(stderr, /not BACKWARD compatible with subject-.*@1/);
      const refused = await run('register', subject, '-f', wider);
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, /^kt: cannot register the schema as subject-/);
      const optional = file(record('Order', id, { name: 'note', type: 'string', default: '' }));
      assert.equal((await json('check', subject, '-f', optional, '--against', 'all'))[0].compatible, true);
      await done('register', subject, '-f', optional);
      assert.deepEqual(await json('diff', subject, '1', 'latest'), [
        { path: 'note', change: 'added', from: null, to: 'string, default ""' },
      ]);
      const [unset] = await json('compatibility', subject, '--unset');
      assert.deepEqual(unset, { subject, level: 'NONE', source: 'global', before: 'BACKWARD' });
    });

    test('references are resolved by kt, in Avro, Protobuf and JSON Schema', async () => {
      const [address, order, money, invoice] = [newSubject(), newSubject(), newSubject(), newSubject()];
      const city = { name: 'city', type: 'string' };
      await done('register', address, '-f', file(record('Address', city)));
      const avro = file(record('Order', id, { name: 'to', type: 'Address' }, { name: 'from', type: 'shop.Address' }));
      await done('register', order, '-f', avro, '--reference', `shop.Address=${address}@1`);
      const { fields } = JSON.parse(await done('get', order, '--resolved'));
      assert.deepEqual(fields[1].type, { type: 'record', name: 'Address', namespace: 'shop', fields: [city] });
      assert.equal(fields[2].type, 'shop.Address');
      const [{ references }] = [await json('get', order)];
      assert.deepEqual(references, [{ name: 'shop.Address', subject: address, version: 1 }]);

      await done('register', money, '-f', file('syntax = "proto3"; package shop; message Money { int64 cents = 1; }', 'proto'));
      const proto = file('syntax = "proto3"; import "money.proto"; message Bill { shop.Money sum = 1; }', 'proto');
      const [bill] = await json('register', invoice, '-f', proto, '--reference', `money.proto=${money}@1`);
      const text = await done('get', `id:${bill.id}`, '--resolved');
      assert.match(text, /^\/\/ money\.proto \(subject-.*@1\)\nsyntax = "proto3"; package shop;[\s\S]*message Bill/);

      const page = newSubject();
      const $schema = 'http://json-schema.org/draft-07/schema#';
      const schema = { $schema, properties: { a: { $ref: 'part.json' } } };
      const part = newSubject();
      await done('register', part, '-f', file(JSON.stringify({ $schema, $id: 'part.json', type: 'string' }), 'json'));
      await done('register', page, '-f', file(JSON.stringify(schema), 'json'), '--reference', `part.json=${part}@1`);
      const resolved = JSON.parse(await done('get', page, '--resolved'));
      assert.deepEqual(resolved.definitions, { 'part.json': { $schema, $id: 'part.json', type: 'string' } });
    });

    test('a version is deleted softly, then for good; what is referred to stays', async () => {
      const [part, whole] = [newSubject(), newSubject()];
      await done('register', part, '-f', file(record('Part', id)));
      const other = file(record('Whole', { name: 'part', type: 'shop.Part' }));
      const [{ id: wholeId }] = await json('register', whole, '-f', other, '--reference', `shop.Part=${part}@1`);
      const [planned] = await json('delete', part, '--dry-run');
      assert.equal(planned.status, 'valid');
      assert.deepEqual(planned.referencedBy, [wholeId]);
      const unasked = await run('delete', part);
      assert.equal(unasked.code, 2);
      const kept = await run('delete', part, '--yes');
      assert.equal(kept.code, 3);
      assert.match(kept.stderr, /subjects referencing/);
      const [soft] = await json('delete', whole, '--yes');
      assert.deepEqual([soft.status, soft.permanent], ['deleted', false]);
      assert.deepEqual(await json('list', whole), []);
      const [deleted] = await json('list', whole, '--deleted');
      assert.deepEqual([deleted.deleted, deleted.versions], [true, [1]]);
      const [gone] = await json('delete', whole, '--permanent', '--yes');
      assert.deepEqual([gone.status, gone.deleted, gone.permanent], ['deleted', true, true]);
      assert.deepEqual(await json('list', whole, '--deleted'), []);
      await done('delete', part, '--permanent', '--yes');
    });

    test('usage finds the topics whose newest records carry a schema, in values and keys', async () => {
      const subject = newSubject();
      const unique = { name: `f${randomUUID().replaceAll('-', '')}`, type: 'string' };
      const [{ id: schemaId }] = await json('register', subject, '-f', file(record('Order', id, unique)));
      const topic = await newTopic();
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(schemaId, 1);
      const lines = [
        {
          key: 'a',
          value: Buffer.concat([prefix, Buffer.from('x')]).toString('base64'),
          valueEncoding: 'base64',
          partition: 0,
        },
        { key: prefix.toString('base64'), keyEncoding: 'base64', value: 'text' },
        { key: 'b', value: 'text' },
      ];
      const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const produced = await runOn(['produce', topic, '-i', 'json'], input);
      assert.equal(produced.code, 0, produced.stderr);
      const uses = await json('usage', subject, '--topic', topic);
      const common = { topic, id: schemaId, version: 1, records: 1, of: 3, lastPartition: 0 };
      const times = uses.map(({ lastTimestamp }: { lastTimestamp: number }) => lastTimestamp);
      assert.deepEqual(uses, [
        { ...common, field: 'value', lastOffset: 0, lastTimestamp: times[0] },
        { ...common, field: 'key', lastOffset: 1, lastTimestamp: times[1] },
      ]);
      assert.deepEqual(
        await json('usage', `id:${schemaId}`, '--topic', topic),
        uses.map((use: object) => ({ ...use, version: null })),
      );
      const { stdout, stderr } = await run('usage', 'id:2000000000', '--topic', topic, '-o', 'json');
      assert.equal(stdout, '[]\n');
      assert.match(stderr, /no record that was looked at carries id:2000000000/);
    });

    test('what is not there is exit 3, what cannot be reached 4, and what cannot be meant 2', async () => {
      const cases: readonly (readonly [args: readonly string[], code: number, says: RegExp])[] = [
        [['get', 'no-such-subject'], 3, /cannot get no-such-subject@latest/],
        [['get', 'id:2000000000'], 3, /cannot get the schema with id 2000000000/],
        [['check', 'no-such-subject', '-f', file('"int"')], 3, /no-such-subject/],
        [['get', 'id:x'], 2, /id:x \(not an id\)/],
        [['register', 'x', '-f', file('{', 'json')], 2, /cannot tell what .* holds/],
        [['register', 'x', '-f', file('{')], 2, /is no JSON/],
        [['register', 'x', '-f', file('"int"'), '--reference', 'a=b'], 2, /not NAME=SUBJECT@VERSION/],
        [['compatibility', 'x', 'LOOSE'], 2, /LOOSE \(not one of/],
        [['compatibility', 'FULL'], 2, /is a level, and no subject is given/],
        [['diff', 'x', '0', '1'], 2, /0 \(not a version\)/],
      ];
      for (const [args, code, says] of cases) {
        const result = await run(...args);
        assert.equal(result.code, code, result.stderr);
        assert.match(result.stderr, says);
        assert.equal(result.stdout, '');
      }
      const nowhere = await kt(['schemas', 'list', '--registry', 'http://127.0.0.1:1'], { program });
      assert.equal(nowhere.code, 4);
      const none = await kt(['schemas', 'list'], { program });
      assert.equal(none.code, 2);
      assert.match(none.stderr, /no schema registry is given/);
    });

    test('subjects are completed', async () => {
      const subject = newSubject();
      await done('register', subject, '-f', file('"string"'));
      // A shell waits half a second only, which a busy machine may need to start.
      await until(async () => {
        const { stdout } = await kt(['complete', 'subject'], { program, env: { KT_REGISTRY: cluster.registry } });
        return stdout.split('\n').includes(subject);
      }, 'the subject to be completed');
    });
  });
}
