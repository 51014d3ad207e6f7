/** `kt pipe` with schemas, on a real registry: what is read with one is written with another. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { registryCluster } from '../support/clusters.ts';
import { kt } from '../support/kt.ts';
import { asLines, ktOn, linesOf } from '../support/kt-on.ts';

const cluster = await registryCluster();
const { done, newTopic, run } = ktOn(cluster, 'binary');
const registry = ['--registry', cluster.registry];
const all = ['--from-beginning', '-e'] as const;
const folder = mkdtempSync(join(tmpdir(), 'kt-pipe-schemas-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, `${randomUUID()}-${name}`);
  writeFileSync(path, text);
  return path;
}

const avro = file(
  'order.avsc',
  JSON.stringify({
    type: 'record',
    name: 'Order',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'note', type: ['null', 'string'], default: null },
    ],
  }),
);
const proto = file('order.proto', 'syntax = "proto3"; message Order { int64 id = 1; string note = 2; }');
const json = file('order.json', '{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}}');

const pipe = (...args: readonly string[]) => done(['pipe', ...args, ...all, ...registry, '-o', 'json']);
const lines = async (topic: string) =>
  linesOf(await done(['tail', topic, ...all, '-o', 'json', ...registry])).map((line) => {
    const { key, value, valueEncoding, keyEncoding } = JSON.parse(line);
    return { key, value, ...(keyEncoding && { keyEncoding }), ...(valueEncoding && { valueEncoding }) };
  });
const bytes = (topic: string) =>
  done(['tail', topic, ...all, '-f', '%k %v\\n', '--key-format', 'hex', '--value-format', 'hex']);

test('JSON becomes Avro, Protobuf, JSON Schema and Avro again; what does not fit is kept as it was, and null stays null', async () => {
  const [plain, asAvro, asProto, asJson, back, dead] = await Promise.all(Array.from({ length: 6 }, () => newTopic('-p', '1')));
  const values = ['a:{"id":9007199254740993,"note":"é"}', 'b:{"id":"x"}', 'c:NULL', 'd:{"id":4}'];
  await done(['produce', plain!, '-K', ':', '-Z', 'NULL'], asLines(values));

  const stopped = await run(['pipe', plain!, asAvro!, ...all, '--value-schema', avro, '--register', ...registry]);
  assert.equal(stopped.code, 3, stopped.stderr);
  assert.match(stopped.stderr, /:0 at offset 1 \(its value does not fit the schema to write with \(id: found "x", wanted /);
  assert.match(stopped.stderr, /1 written, 1 failed/);
  const dry = ['--dry-run', '--value-schema', `${asAvro}-value`];
  const shown = linesOf(await pipe(plain!, asAvro!, ...dry)).map((line) => JSON.parse(line));
  assert.deepEqual(
    shown.map(({ value, valueEncoding, error }) => [value, valueEncoding, error !== undefined]),
    [
      ['{"id":9007199254740993,"note":"é"}', 'avro', false],
      ['{"id":"x"}', undefined, true],
      [null, undefined, false],
      ['{"id":4}', 'avro', false],
    ],
  );

  const kept = ['--from', '1', '--value-schema', `${asAvro}-value`, '--dead-letter', dead!];
  const rest = await done(['pipe', plain!, asAvro!, '-e', ...kept, ...registry, '-o', 'json']);
  assert.deepEqual(JSON.parse(rest), { read: 3, written: 2, skipped: 0, failed: 0, deadLettered: 1 });
  assert.deepEqual(await lines(dead!), [{ key: 'b', value: '{"id":"x"}' }]);
  const asText = async (topic: string) =>
    linesOf(await done(['tail', topic, ...all, '-o', 'value', '--value-format', 'schema', ...registry]));
  assert.deepEqual((await asText(asAvro!)).filter(Boolean), ['{"id":9007199254740993,"note":"é"}', '{"id":4,"note":null}']);
  assert.deepEqual(
    (await lines(asAvro!)).map(({ key, value }) => [key, value === null]),
    [
      ['a', false],
      ['c', true],
      ['d', false],
    ],
  );

  await pipe(asAvro!, asProto!, '--value-schema', proto, '--register', '--map', "({ ...value, note: value.note ?? '' })");
  await pipe(asProto!, asJson!, '--value-schema', json, '--register');
  assert.deepEqual((await asText(asJson!)).filter(Boolean), ['{"id":9007199254740993,"note":"é"}', '{"id":4,"note":""}']);
  assert.deepEqual(
    (await lines(asProto!)).map(({ valueEncoding }) => valueEncoding),
    ['protobuf', undefined, 'protobuf'],
  );
  const group = `group-${randomUUID()}`;
  const once = ['--group', group, '--exactly-once', '--value-schema', `${asAvro}-value`];
  await pipe(asJson!, back!, ...once, '--map', 'value.note === "" ? { id: value.id } : value');
  assert.equal(await bytes(back!), await bytes(asAvro!), 'to the byte');
  const found = linesOf(
    await done(['tail', asJson!, ...all, '--where', 'value.id === 9007199254740993', '-o', 'json', ...registry]),
  );
  assert.equal(found.length, 1, 'read from the bytes behind the id');
  const columns = ['--columns', 'value.id,value.note', '--value-format', 'schema', '--no-headers', ...registry];
  const table = await done(['tail', asJson!, ...all, ...columns]);
  assert.deepEqual(
    table.split('\r\n').filter((line) => line !== ','),
    ['9007199254740993,é', '4,""', ''],
  );
});

test('keys with a schema go where their new bytes belong, and a profile says which registry has the ids', async () => {
  const source = await newTopic('-p', '1');
  const to = await newTopic('-p', '4');
  await done(['produce', source, '-K', ':'], asLines(['1:{"id":1}', '2:{"id":2}', '3:{"id":3}']));
  const env = { KT_BOOTSTRAP_SERVER: cluster.bootstrapServers, XDG_CONFIG_HOME: folder, KT_TIMEOUT: cluster.timeout };
  const add = ['profile', 'add', 'other', '-b', cluster.bootstrapServers, ...registry];
  assert.equal((await kt(add, { program: 'binary', env })).code, 0);
  const long = file('key.avsc', '"long"');
  const words = ['pipe', source, to, ...all, '--key-schema', long, '--register', '--rekey', 'value.id'];
  const nowhere = ['--registry', 'http://127.0.0.1:1'];
  const failed = await kt([...words, ...nowhere], { program: 'binary', env });
  assert.equal(failed.code, 4, failed.stderr);
  const piped = await kt([...words, ...nowhere, '--to-profile', 'other'], { program: 'binary', env });
  assert.equal(piped.code, 0, piped.stderr);
  assert.deepEqual((await lines(to)).map(({ key, keyEncoding }) => [key, keyEncoding]).sort(), [
    [1, 'avro'],
    [2, 'avro'],
    [3, 'avro'],
  ]);
  const same = await newTopic('-p', '4');
  await done(
    ['produce', same, '-K', ':', '--key-schema', `${to}-key`, ...registry],
    asLines(['1:{"id":1}', '2:{"id":2}', '3:{"id":3}']),
  );
  const places = async (topic: string) =>
    linesOf(await done(['tail', topic, ...all, '-f', '%p %k\\n', '--key-format', 'hex'])).sort();
  assert.deepEqual(await places(to), await places(same));

  for (const [args, says] of [
    [['--to-header', 'h', '--value-schema', avro], /records go to several topics/],
    [[to, '--framing', 'v0'], /--framing without a schema/],
    [[to, '--value-schema', avro], /has no such schema/],
    [[to, '--value-schema', `${to}-key`, '--register'], /the registry has it/],
  ] as const) {
    const { code, stderr } = await run(['pipe', source, ...args, ...all, ...registry]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
  }
});
