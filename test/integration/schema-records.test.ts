/** Records with schemas, between kt and Confluent's serializers for Python, with a real registry. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { registryCluster } from '../support/clusters.ts';
import { recordedRegistry } from '../support/confluent-registry.ts';
import { confluentSchemasUnavailable } from '../support/foreign-clients.ts';
import { asLines, ktOn, linesOf } from '../support/kt-on.ts';
import { readWithSchemas, type WrittenField, writeWithSchemas } from '../support/schema-clients.ts';

const skip = confluentSchemasUnavailable() ?? false;
const cluster = await registryCluster();
const { done, newTopic, run } = ktOn(cluster, 'binary');
const registry = ['--registry', cluster.registry];
const folder = mkdtempSync(join(tmpdir(), 'kt-schema-records-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A name that no other test uses, for namespaces and packages. */
const newSpace = () => `s${randomUUID().replaceAll('-', '')}`;
const record = (name: string, ...fields: readonly (readonly [name: string, type: unknown, more?: object])[]) => ({
  type: 'record',
  name,
  fields: fields.map(([field, type, more]) => ({ name: field, type, ...more })),
});
const avro = (schema: unknown, python: string, more: Partial<WrittenField> = {}): WrittenField =>
  ({ format: 'avro', schema: JSON.stringify(schema), python, ...more }) as WrittenField;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The values of a topic as JSON texts, in order. */
async function shown(topic: string, ...options: readonly string[]): Promise<string[]> {
  return linesOf(
    await done(['tail', topic, '--from-beginning', '-e', '-o', 'value', '--value-format', 'schema', ...registry, ...options]),
  );
}

interface Line {
  readonly key: unknown;
  readonly keyEncoding?: string;
  readonly value: unknown;
  readonly valueEncoding?: string;
  readonly valueType?: string;
}

/** The records of a topic as `-o json` has them. */
async function lines(topic: string, ...options: readonly string[]): Promise<Line[]> {
  const text = await done(['tail', topic, '--from-beginning', '-e', '-o', 'json', ...registry, ...options]);
  return linesOf(text).map((line) => JSON.parse(line));
}

/** Writes values, and keys where they are given, with Python. */
async function topicOf(
  ...records: readonly (WrittenField | null | readonly [key: WrittenField | null, value: WrittenField | null])[]
) {
  const topic = await newTopic();
  const written = records.map(
    (each) => (Array.isArray(each) ? each : [null, each]) as [WrittenField | null, WrittenField | null],
  );
  await writeWithSchemas(
    cluster,
    written.map(([key, value]) => ({ topic, key, value })),
  );
  return topic;
}

/** The same records in another topic, through JSON lines. @param style how both show Avro */
async function copied(topic: string, options: readonly string[], ...style: readonly string[]): Promise<string> {
  const copy = await newTopic();
  const text = await done(['tail', topic, '--from-beginning', '-e', '-o', 'json', ...registry, ...style]);
  await done(['produce', copy, '-i', 'json', ...registry, ...options, ...style], text);
  return copy;
}

/** The bytes of all keys and values. */
async function bytes(topic: string): Promise<string> {
  return done(['tail', topic, '--from-beginning', '-e', '-f', '%k %v\\n', '--key-format', 'hex', '--value-format', 'hex']);
}

describe('what Python wrote', { skip, concurrency: 3 }, () => {
  test('every logical type of Avro is shown with all its digits, and goes back as the same bytes', async () => {
    const of = (type: string, logicalType: string, more = {}) => ({ type, logicalType, ...more });
    const schema = record(
      'All',
      ['amount', of('bytes', 'decimal', { precision: 30, scale: 4 })],
      ['fixed', of('fixed', 'decimal', { name: 'Sixteen', size: 16, precision: 38, scale: 2 })],
      ['day', of('int', 'date')],
      ['clock', of('int', 'time-millis')],
      ['fine', of('long', 'time-micros')],
      ['millis', of('long', 'timestamp-millis')],
      ['micros', of('long', 'timestamp-micros')],
      ['local', of('long', 'local-timestamp-micros')],
      ['id', of('string', 'uuid')],
      ['big', 'long'],
      ['ratio', 'double'],
      ['data', 'bytes'],
    );
    const value = avro(
      schema,
      `dict(amount=decimal.Decimal('-12345678901234567890.1234'), fixed=decimal.Decimal('0.05'), day=datetime.date(2026, 2, 28),
      clock=datetime.time(23, 59, 59, 7000), fine=datetime.time(0, 0, 0, 1),
      millis=datetime.datetime(2026, 2, 28, 12, 0, 0, 120000, datetime.timezone.utc),
      micros=datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, datetime.timezone.utc),
      local=datetime.datetime(2026, 2, 28, 12, 0, 0, 123456), id=uuid.UUID('89791762-2336-4186-9674-299b90a802e2'),
      big=9223372036854775807, ratio=float('-inf'), data=bytes([0, 255]))`.replace(/\n\s*/g, ' '),
    );
    const topic = await topicOf(value);
    assert.deepEqual(await shown(topic), [
      '{"amount":"-12345678901234567890.1234","fixed":"0.05","day":"2026-02-28","clock":"23:59:59.007","fine":"00:00:00.000001",' +
        '"millis":"2026-02-28T12:00:00.120Z","micros":"1969-12-31T23:59:59.999999Z","local":"2026-02-28T12:00:00.123456",' +
        '"id":"89791762-2336-4186-9674-299b90a802e2","big":9223372036854775807,"ratio":"-Infinity","data":"AP8="}',
    ]);
    const found = await shown(
      topic,
      '--where',
      'value.big == 9223372036854775807 && value.amount == "-12345678901234567890.1234"',
    );
    assert.equal(found.length, 1);
    assert.equal((await shown(topic, '--where', 'value.big == 9223372036854775806')).length, 0);
    for (const style of [[], ['--avro-json'], ['--raw-logical']]) {
      const copy = await copied(topic, ['--value-schema', `${topic}-value`], ...style);
      assert.equal(await bytes(copy), await bytes(topic), style[0]);
    }
  });

  test('unions, recursive records, bare types, keys and tombstones', async () => {
    const node = record('Node', ['name', 'string'], ['next', ['null', 'Node'], { default: null }]);
    const unions = record(
      'Unions',
      ['note', ['null', 'string']],
      ['number', ['int', 'double', 'string']],
      ['shape', [record('Circle', ['r', 'int']), record('Square', ['r', 'int'])]],
      ['suit', { type: 'enum', name: 'Suit', symbols: ['HEARTS', 'SPADES'] }],
      ['list', node],
    );
    const python =
      "dict(note=None, number=1.5, shape=('Square', dict(r=2)), suit='SPADES', list=dict(name='a', next=dict(name='b', next=None)))";
    const topic = await topicOf(
      [avro('string', "'käse'"), avro(unions, python)],
      [avro('string', "'käse'"), null],
      [null, avro(unions, python.replace('note=None, number=1.5', "note='x', number='1.5'"))],
    );
    const value = {
      note: null,
      number: { double: 1.5 },
      shape: { Square: { r: 2 } },
      suit: 'SPADES',
      list: { name: 'a', next: { name: 'b', next: null } },
    };
    assert.deepEqual(
      (await lines(topic)).map(({ key, value }) => ({ key, value })),
      [
        { key: 'käse', value },
        { key: 'käse', value: null },
        { key: null, value: { ...value, note: 'x', number: '1.5' } },
      ],
    );
    const copy = await copied(topic, ['--value-schema', `${topic}-value`, '--key-schema', `${topic}-key`]);
    assert.equal(await bytes(copy), await bytes(topic));
  });

  test('longs and maps that are no records; bytes stand alone behind the id, as Java has them', async () => {
    const topics = await Promise.all([
      topicOf(avro('long', '-(2 ** 63)')),
      topicOf(avro({ type: 'map', values: 'double' }, "{'a': 0.1}")),
    ]);
    assert.deepEqual(await Promise.all(topics.map((topic) => shown(topic))), [['-9223372036854775808'], ['{"a":0.1}']]);
    for (const topic of topics) {
      const copy = await copied(topic, ['--value-schema', `${topic}-value`]);
      assert.equal(await bytes(copy), await bytes(topic));
    }
    const topic = await newTopic();
    const schema = ['--value-schema', file(`${topic}.avsc`, '"bytes"'), '--register'];
    await done(['produce', topic, ...schema, ...registry], asLines(['"AQL/"']));
    assert.deepEqual(await shown(topic), ['"AQL/"']);
    assert.match(await bytes(topic), /^ 00[0-9a-f]{8}0102ff$/m);
  });

  test('each version is read as it was written, or all as one reader schema has them', async () => {
    const space = newSpace();
    const [first, second] = [
      { ...record('Order', ['id', 'int'], ['note', 'string']), namespace: space },
      { ...record('Order', ['id', 'long'], ['currency', 'string', { default: 'EUR' }]), namespace: space },
    ];
    const topic = await topicOf(avro(first, "dict(id=1, note='n')"), avro(second, "dict(id=2 ** 40, currency='CHF')"));
    assert.deepEqual(await shown(topic), ['{"id":1,"note":"n"}', '{"id":1099511627776,"currency":"CHF"}']);
    const asSecond = ['{"id":1,"currency":"EUR"}', '{"id":1099511627776,"currency":"CHF"}'];
    assert.deepEqual(await shown(topic, '--reader-schema', `${topic}-value@2`), asSecond);
    assert.deepEqual(await shown(topic, '--reader-schema', file(`${space}.avsc`, JSON.stringify(second))), asSecond);
  });

  test('several types in a topic, by the name of the record, and types of other subjects', async () => {
    const space = newSpace();
    const money = { ...record('Money', ['cents', 'long']), namespace: space };
    const order = { ...record('Order', ['sum', `${space}.Money`]), namespace: space };
    const references = [{ name: `${space}.Money`, subject: `${space}.Money`, version: 1 }];
    const topic = await topicOf(
      avro(money, 'dict(cents=5)', { strategy: 'record' }),
      avro(order, 'dict(sum=dict(cents=7))', { strategy: 'topic-record', references }),
    );
    const found = await lines(topic);
    assert.deepEqual(
      found.map(({ value, valueType, valueEncoding }) => ({ value, valueType, valueEncoding })),
      [
        { value: { cents: 5 }, valueType: `${space}.Money`, valueEncoding: 'avro' },
        { value: { sum: { cents: 7 } }, valueType: `${space}.Order`, valueEncoding: 'avro' },
      ],
    );
    const json = JSON.stringify(order);
    const { code, stderr } = await run(
      ['produce', topic, '--value-schema', file(`${space}.avsc`, json), ...registry],
      '{"sum":{"cents":8}}\n',
    );
    assert.equal(code, 2, stderr);
    await done(['produce', topic, '--value-schema', `${topic}-${space}.Order`, ...registry], '{"sum":{"cents":8}}\n');
    assert.equal((await shown(topic))[2], '{"sum":{"cents":8}}');
  });

  test('Protobuf messages of every place in a file, with what it imports', async () => {
    const space = newSpace();
    const files = {
      [`${space}/money.proto`.replace('/', '-')]:
        `syntax = "proto3"; package ${space}; message Money { int64 cents = 1; string currency = 2; }`,
      [`${space}-order.proto`]: `syntax = "proto3"; package ${space};
        import "${space}-money.proto"; import "google/protobuf/timestamp.proto";
        message Order {
          map<string, Money> prices = 1;
          message Line { string item = 1; message Part { int32 number = 1; } Part part = 2; }
          map<int32, string> notes = 2;
          message Other { oneof which { uint64 many = 1; bytes data = 2; } }
          repeated Line lines = 3; google.protobuf.Timestamp at = 4; optional int32 maybe = 5;
        }
        message Last { Money sum = 1; Kind kind = 2; enum Kind { NONE = 0; SALE = 3; } }`,
    };
    const of = (message: string, python: string): WrittenField => ({
      format: 'protobuf',
      files,
      message: `${space}.${message}`,
      python,
    });
    const topic = await topicOf(
      of(
        'Order',
        "{'prices': {'a': {'cents': '9007199254740993'}}, 'notes': {7: 'n'}, 'lines': [{'item': 'x'}], 'at': '2026-02-28T12:00:00.5Z'}",
      ),
      of('Order.Line', "{'item': 'y', 'part': {'number': 3}}"),
      of('Order.Line.Part', "{'number': 4}"),
      of('Order.Other', "{'many': '18446744073709551615'}"),
      [of('Last', "{'kind': 'SALE'}"), of('Last', "{'sum': {'cents': 1, 'currency': 'EUR'}, 'kind': 'SALE'}")],
      [of('Order.Other', "{'data': 'AP8='}"), null],
    );
    const found = await lines(topic);
    assert.deepEqual(
      found.map(({ valueType, value }) => [valueType?.slice(space.length + 1), value]),
      [
        [
          'Order',
          {
            prices: { a: { cents: '9007199254740993', currency: '' } },
            notes: { 7: 'n' },
            lines: [{ item: 'x' }],
            at: '2026-02-28T12:00:00.500Z',
          },
        ],
        ['Order.Line', { item: 'y', part: { number: 3 } }],
        ['Order.Line.Part', { number: 4 }],
        ['Order.Other', { many: '18446744073709551615' }],
        ['Last', { sum: { cents: '1', currency: 'EUR' }, kind: 'SALE' }],
        [undefined, null],
      ],
    );
    assert.deepEqual(found.map(({ key }) => key).slice(4), [{ kind: 'SALE' }, { data: 'AP8=' }]);
    const many = await shown(topic, '--where', 'value.many == "18446744073709551615" || value.kind == "SALE"');
    assert.deepEqual(many, ['{"many":"18446744073709551615"}', '{"sum":{"cents":"1","currency":"EUR"},"kind":"SALE"}']);
    // What Python registers is compiled, and counts the entries of maps as messages.
    const back = await newTopic();
    const schema = `${topic}-value#${space}.Order.Other`;
    await done(
      ['produce', back, '-K', '\t', '--key-schema', schema, '--value-schema', schema, ...registry],
      '{"many":"1"}\t{"data":"AP8="}\n',
    );
    // Apicurio 3 answers 500 to whoever asks for a compiled schema compiled.
    const isText = cluster.apicurio === 3;
    const other = { format: 'protobuf', files, message: `${space}.Order.Other`, isText } as const;
    assert.deepEqual(await readWithSchemas(cluster, back, other, other), [{ key: { many: '1' }, value: { data: 'AP8=' } }]);
  });

  test('JSON with a schema, of keys and values', async () => {
    const space = newSpace();
    const $schema = 'http://json-schema.org/draft-07/schema#';
    const schema = JSON.stringify({
      $schema,
      title: space,
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'string' } },
      required: ['a'],
    });
    const of = (python: string): WrittenField => ({ format: 'json-schema', schema, python });
    const topic = await topicOf([of("{'a': 1}"), of("{'a': -9007199254740991, 'b': 'ü'}")], [of("{'a': 2}"), null]);
    assert.deepEqual(
      (await lines(topic)).map(({ key, keyEncoding, value, valueEncoding }) => ({ key, keyEncoding, value, valueEncoding })),
      [
        {
          key: { a: 1 },
          keyEncoding: 'json-schema',
          value: { a: -9007199254740991, b: 'ü' },
          valueEncoding: 'json-schema',
        },
        { key: { a: 2 }, keyEncoding: 'json-schema', value: null, valueEncoding: undefined },
      ],
    );
    assert.match((await shown(topic))[0]!, /"a": ?-9007199254740991,/);
  });
});

describe('what kt produces', { skip, concurrency: 3 }, () => {
  test('Avro keys and values are what Python reads', async () => {
    const topic = await newTopic();
    const key = JSON.stringify(record('Key', ['id', 'long']));
    const value = JSON.stringify(
      record(
        'Value',
        ['amount', { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }],
        ['at', { type: 'long', logicalType: 'timestamp-micros' }],
        ['note', ['null', 'string'], { default: null }],
        ['tags', { type: 'array', items: 'string' }],
      ),
    );
    const schemas = ['--key-schema', file(`${topic}-key.avsc`, key), '--value-schema', file(`${topic}.avsc`, value)];
    const input = asLines([
      '{"id":9223372036854775807}\t{"amount":"-123.45","at":"2026-02-28T12:00:00.123456Z","note":"n","tags":["a","ü"]}',
      '{"id":-1}\t{"amount":"0.00","at":"1970-01-01T00:00:00Z","tags":[]}',
    ]);
    await done(['produce', topic, '-K', '\t', ...schemas, '--register', ...registry], input);
    const time = (text: string) => `datetime.datetime(${text}, tzinfo=datetime.timezone.utc)`;
    assert.deepEqual(
      await readWithSchemas(cluster, topic, { format: 'avro', schema: key }, { format: 'avro', schema: value }),
      [
        {
          key: { id: 2 ** 63 },
          value: { amount: "Decimal('-123.45')", at: time('2026, 2, 28, 12, 0, 0, 123456'), note: 'n', tags: ['a', 'ü'] },
        },
        { key: { id: -1 }, value: { amount: "Decimal('0.00')", at: time('1970, 1, 1, 0, 0'), note: null, tags: [] } },
      ],
    );
  });

  test('Protobuf and JSON Schema too, also nested messages and tombstones', async () => {
    const [topic, space] = [await newTopic(), newSpace()];
    const name = `${space}.proto`;
    const proto = `syntax = "proto3"; package ${space};
message Key { string id = 1; }
message Outer {
  map<string, int32> counts = 1;
  message Inner { int64 big = 1; repeated sint32 many = 2; map<string, Key> keys = 3; }
}
`;
    const path = file(name, proto);
    const schema = JSON.stringify({ title: space, type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] });
    await done(
      [
        'produce',
        topic,
        '-K',
        '\t',
        '--key-schema',
        `${path}#${space}.Key`,
        '--value-schema',
        `${path}#${space}.Outer.Inner`,
        '--register',
        ...registry,
      ],
      asLines(['{"id":"k"}\t{"big":"-9223372036854775808","many":[1,-2],"keys":{"x":{"id":"y"}}}']),
    );
    const files = { [name]: proto };
    const of = (message: string) => ({ format: 'protobuf', files, message: `${space}.${message}`, isText: true }) as const;
    assert.deepEqual(await readWithSchemas(cluster, topic, of('Key'), of('Outer.Inner')), [
      { key: { id: 'k' }, value: { big: '-9223372036854775808', many: [1, -2], keys: { x: { id: 'y' } } } },
    ]);
    const other = await newTopic();
    const jsonPath = file(`${space}.json`, schema);
    const keyPath = file(`${other}.avsc`, '"string"');
    await done(
      ['produce', other, '-K', '\t', '--key-schema', keyPath, '--value-schema', jsonPath, '--register', ...registry],
      asLines(['"k"\t{"a":1}', 'bare\t{"a":2}']),
    );
    const refused = await run(
      ['produce', other, '-K', '\t', '--key-schema', keyPath, '--value-schema', jsonPath, ...registry],
      asLines(['k\t{"a":"1"}']),
    );
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /line 1/);
    assert.deepEqual(
      await readWithSchemas(cluster, other, { format: 'avro', schema: '"string"' }, { format: 'json-schema', schema }),
      [
        { key: 'k', value: { a: 1 } },
        { key: 'bare', value: { a: 2 } },
      ],
    );
  });

  test('a GUID in a header, as Confluent 8 has it, with the data alone behind it', async (t) => {
    const [topic, guid] = [await newTopic(), '89791762-2336-4186-9674-299b90a802e2'];
    const proto = 'syntax = "proto3"; message First { int32 a = 1; } message Second { string b = 1; }';
    const keyGuid = '00112233-4455-6677-8899-aabbccddeeff';
    const value = JSON.stringify({ type: 'string' });
    const server = await recordedRegistry([
      { id: 7, subject: `${topic}-value`, schema: value, guid },
      { id: 8, subject: `${topic}-key`, schema: proto, schemaType: 'PROTOBUF', guid: keyGuid },
    ]);
    t.after(() => server.close());
    const own = ['--registry', server.url];
    const schemas = ['--key-schema', `${topic}-key#Second`, '--value-schema', `${topic}-value`];
    await done(['produce', topic, '-K', '\t', ...schemas, '--framing', 'header', ...own], asLines(['{"b":"k"}\thello']));
    const [raw] = linesOf(
      await done(['tail', topic, '--from-beginning', '-e', '-o', 'json', '--key-format', 'hex', '--value-format', 'hex']),
    ).map((line) => JSON.parse(line));
    const hex = (name: string) => {
      const { value, valueEncoding } = raw.headers.find((each: { key: string }) => each.key === name);
      assert.equal(valueEncoding, 'base64');
      return Buffer.from(value, 'base64').toString('hex');
    };
    assert.deepEqual([raw.key, raw.value], ['0a016b', '0a68656c6c6f']);
    assert.equal(hex('__value_schema_id'), `01${guid.replaceAll('-', '')}`);
    assert.equal(hex('__key_schema_id'), '0100112233445566778899aabbccddeeff0202');
    const [line] = linesOf(await done(['tail', topic, '--from-beginning', '-e', '-o', 'json', ...own])).map((each) =>
      JSON.parse(each),
    );
    const { key, keyType, keySchemaId, value: text, valueSchemaId } = line;
    assert.deepEqual(
      { key, keyType, keySchemaId, text, valueSchemaId },
      { key: { b: 'k' }, keyType: 'Second', keySchemaId: 8, text: 'hello', valueSchemaId: 7 },
    );
    const place = { ...cluster, registry: server.url };
    const files = { 'two.proto': proto };
    const read = await readWithSchemas(
      place,
      topic,
      { format: 'protobuf', files, message: 'Second', isText: true },
      { format: 'avro', schema: value },
    );
    assert.deepEqual(read, [{ key: { b: 'k' }, value: 'hello' }]);
  });

  test('--register changes nothing in a dry run, and refuses what could not be read again', async () => {
    const [topic, space] = [await newTopic(), newSpace()];
    const dry = ['--value-schema', file(`${topic}.avsc`, '"long"'), '--register', '--dry-run', ...registry];
    const { code, stderr } = await run(['produce', topic, ...dry], asLines(['7']));
    assert.equal(code, 0, stderr);
    assert.match(stderr, /would be registered as topic-.*-value/);
    assert.match(stderr, /1 record would be written to .*, 6B/);
    assert.equal(await done(['schemas', 'list', `${topic}*`, '-o', 'json', ...registry]), '[]\n');
    file(`${space}-part.proto`, `syntax = "proto3"; package ${space}; message Part { int32 a = 1; }`);
    const whole = file(
      `${space}.proto`,
      `syntax = "proto3"; package ${space}; import "${space}-part.proto"; message Whole { Part part = 1; }`,
    );
    const refused = await run(
      ['produce', topic, '--value-schema', whole, '--register', ...registry],
      asLines(['{"part":{"a":1}}']),
    );
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /it imports s.*-part\.proto/);
  });
});

test("Apicurio's global ids, as its own serializers write them, in a header and in front of the data", async () => {
  const [topic, space] = [await newTopic(), newSpace()];
  const text = JSON.stringify({ ...record('Order', ['part', `${space}.Part`]), namespace: space });
  const part = JSON.stringify({ ...record('Part', ['big', 'long']), namespace: space });
  const register = async (subject: string, schema: string, ...more: readonly string[]) => {
    const path = file(`${subject}.avsc`, schema);
    return JSON.parse(await done(['schemas', 'register', subject, '-f', path, ...more, '-o', 'json', ...registry]))[0];
  };
  await register(`${topic}-part`, part);
  const reference = ['--reference', `${space}.Part=${topic}-part@1`];
  await register(`${topic}-first`, text, ...reference);
  // The same schema in another subject: its content id is the same, its global id is not.
  const { id } = await register(`${topic}-value`, text, ...reference);
  const native = cluster.registry.replace(/ccompat\/v7$/, 'registry/v2');
  const answer = await fetch(`${native}/groups/default/artifacts/${topic}-value/versions/1/meta`);
  const { globalId, contentId } = (await answer.json()) as { globalId: number; contentId: number };
  assert.equal(contentId, id);
  assert.notEqual(globalId, contentId);
  const longId = Buffer.alloc(8);
  longId.writeBigInt64BE(BigInt(globalId));
  const data = Buffer.of(10);
  const header = { key: 'apicurio.value.globalId', value: longId.toString('base64'), valueEncoding: 'base64' };
  const records = [
    { value: data.toString('base64'), valueEncoding: 'base64', headers: [header] },
    { value: Buffer.concat([Buffer.of(0), longId, data]).toString('base64'), valueEncoding: 'base64' },
  ];
  await done(['produce', topic, '-i', 'json'], asLines(records.map((each) => JSON.stringify(each))));
  assert.deepEqual(await shown(topic), ['{"part":{"big":5}}', '{"part":{"big":5}}']);
});
