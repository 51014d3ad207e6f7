/** Reading records with schemas into a file as JSON, beside what Java and Python have for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchSerdes, nativeApi, serdesClasspath } from '../../test/support/java-serdes.ts';
import { orderSchema } from '../codecs/order-schema.ts';
import { createTopic, orderLines } from '../data.ts';
import { kts, pythonClient, untimed } from '../programs.ts';
import { ids, size } from '../proof.ts';
import type { Budget, Contender, Row, Setting } from '../row.ts';
import { workDirectory } from '../work.ts';

type Format = 'avro' | 'protobuf' | 'json-schema';

interface Kind {
  readonly title: string;
  readonly file: string;
  readonly schema: string;
  /** Which part of the records of the base case are read: Python takes a second for 20,000 with a JSON Schema. */
  readonly part: number;
  /** Apicurio's deserializer for Java, the only one on Maven Central; of Protobuf it reads nobody else's records. */
  readonly java?: string;
  readonly budgets: readonly Budget[];
}

const kinds: Readonly<Record<Format, Kind>> = {
  avro: {
    title: 'Avro',
    file: 'order.avsc',
    schema: orderSchema,
    part: 1 / 2,
    java: 'avro.AvroKafkaDeserializer',
    budgets: [
      { of: 'kt', atLeast: 8, rival: 'console consumer' },
      { of: 'kt', atLeast: 20, rival: 'confluent-kafka (Python)' },
    ],
  },
  protobuf: {
    title: 'Protobuf',
    file: 'order.proto',
    schema: `syntax = "proto3";
package shop;
enum Status { NEW = 0; PAID = 1; SENT = 2; }
message Order {
  int64 id = 1;
  string customer = 2;
  string email = 3;
  double amount = 4;
  int32 items = 5;
  bool gift = 6;
  optional string coupon = 7;
  string at = 8;
  Status status = 9;
  repeated string tags = 10;
}
`,
    part: 1 / 8,
    budgets: [{ of: 'kt', atLeast: 20, rival: 'confluent-kafka (Python)' }],
  },
  'json-schema': {
    title: 'JSON Schema',
    file: 'order.json',
    schema: JSON.stringify({
      type: 'object',
      title: 'Order',
      properties: {
        id: { type: 'integer' },
        customer: { type: 'string' },
        amount: { type: 'number' },
        items: { type: 'integer' },
      },
      required: ['id', 'customer'],
    }),
    part: 1 / 16,
    java: 'jsonschema.JsonSchemaKafkaDeserializer',
    budgets: [
      { of: 'kt', atLeast: 8, rival: 'console consumer' },
      { of: 'kt', atLeast: 20, rival: 'confluent-kafka (Python)' },
    ],
  },
};

export async function tailSchemaRow({ cluster, scale }: Setting, format: Format): Promise<Row> {
  const { title, file, schema, part, java, budgets } = kinds[format];
  const count = Math.round(scale.tailRecords * part);
  const topic = `bench-${format}`;
  const servers = cluster.bootstrapServers;
  const registry = await cluster.registry();
  const path = join(workDirectory, file);
  writeFileSync(path, schema);
  const python = pythonClient('schemas.py', servers, registry, topic, String(count), format, path);
  const kt = ['-b', servers, '--registry', registry, 'tail', topic, '--from-beginning', '-e', '-o', 'value'];
  return {
    title: `Tail ${count.toLocaleString('en')} records with ${title} and 10 fields, values as JSON to a file`,
    records: count,
    runs: scale.runs.long,
    async setup() {
      await createTopic(cluster, topic);
      const lines = await orderLines(count);
      await untimed(
        [...kts[0]![1], '-b', servers, '--registry', registry, 'produce', topic, '--value-schema', path, '--register'],
        lines,
      );
    },
    contenders: [
      ...kts.map(([name, program]) => ({ name, command: () => [...program, ...kt, '--value-format', format] })),
      ...(java === undefined ? [] : [consoleConsumer({ cluster, scale }, registry, topic, count, java)]),
      { name: 'confluent-kafka (Python)', command: () => python },
    ],
    proof: ids,
    check: size,
    budgets: [...budgets, { of: 'kt', belowMb: 200 }],
  };
}

function consoleConsumer({ cluster }: Setting, registry: string, topic: string, count: number, java: string): Contender {
  fetchSerdes();
  const settings = {
    'apicurio.registry.url': nativeApi(registry),
    'apicurio.registry.headers.enabled': 'false',
    'apicurio.registry.as-confluent': 'true',
    'apicurio.registry.use-id': 'contentId',
  };
  const formatter = Object.entries(settings).flatMap(([name, value]) => [
    '--formatter-property',
    `value.deserializer.${name}=${value}`,
  ]);
  const read = ['--topic', topic, '--from-beginning', '--max-messages', String(count), '--timeout-ms', '60000'];
  const deserializer = ['--formatter-property', `value.deserializer=io.apicurio.registry.serde.${java}`];
  return {
    name: 'console consumer',
    command: () => cluster.kafkaToolWith(serdesClasspath, 'kafka-console-consumer', ...read, ...deserializer, ...formatter),
  };
}
