/** Records with schemas, between kt and Java's serializers: Apicurio's, which have forms of their own and Confluent's. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { registryCluster } from '../support/clusters.ts';
import { fetchSerdes, readWithJava, writeWithJava } from '../support/java-serdes.ts';
import { ktOn, linesOf } from '../support/kt-on.ts';

const cluster = await registryCluster();
const { done, newTopic } = ktOn(cluster, 'binary');
const registry = ['--registry', cluster.registry];
const folder = mkdtempSync(join(tmpdir(), 'kt-java-serdes-'));
before(fetchSerdes);
after(() => rmSync(folder, { recursive: true, force: true }));

test('what Java wrote is shown whatever says its schema, and Java reads what kt wrote', async () => {
  const [avro, protobuf, json] = [await newTopic(), await newTopic(), await newTopic()];
  const schema = join(folder, 'order.json');
  writeFileSync(schema, '{"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"}}}');
  await done(['schemas', 'register', `${json}-value`, '-f', schema, '--type', 'JSON', ...registry]);
  await writeWithJava(cluster, { avro, protobuf, json });
  const lines = async (topic: string) =>
    linesOf(await done(['tail', topic, '--from-beginning', '-e', '-o', 'json', ...registry]));
  const [order, money, named] = [
    '{"id":9007199254740993,"name":"é","tags":{"a":1},"kind":"B","note":null,"amount":"-123.45"}',
    '{"currencyCode":"EUR","units":"9007199254740993","nanos":5}',
    '{"id":9007199254740993,"name":"é"}',
  ];
  for (const [topic, count, value, encoding, type] of [
    [avro, 3, order, 'avro', 'shop.Order'],
    [protobuf, 2, money, 'protobuf', 'google.type.Money'],
    [json, 3, named, 'json-schema', 'json'],
  ] as const) {
    const shown = await lines(topic);
    assert.equal(shown.length, count);
    for (const line of shown) {
      assert.ok(line.includes(`"value":${value},"valueEncoding":"${encoding}"`), line);
      assert.equal(JSON.parse(line).valueType, type);
    }
  }

  const copies = { avro: await newTopic(), protobuf, json: await newTopic() };
  for (const [from, to] of [
    [avro, copies.avro],
    [json, copies.json],
  ] as const) {
    const text = (await lines(from)).map((line) => `${line}\n`).join('');
    await done(['produce', to, '-i', 'json', '--value-schema', `${from}-value`, ...registry], text);
  }
  const read = await readWithJava(cluster, copies);
  assert.equal(read.length, 6);
  const start = '{"id": 9007199254740993, "name": "é", "tags": {"a": 1}, "kind": "B", "note": null, "amount": ';
  for (const line of read.slice(0, 3)) assert.ok(line.startsWith(start), line);
  assert.deepEqual(read.slice(3), [named, named, named]);
});
