/** confluent-kafka's serializers and deserializers for Python, which write and read records with the schemas of a registry. */
import { join } from 'node:path';
import { pythonFile } from './foreign-clients.ts';

interface AsAvroOrJson {
  readonly format: 'avro' | 'json-schema';
  readonly schema: string;
  readonly references?: readonly { readonly name: string; readonly subject: string; readonly version: number }[];
}

interface AsProtobuf {
  readonly format: 'protobuf';
  /** .proto texts by the name under which they import each other. */
  readonly files: Readonly<Record<string, string>>;
  readonly message: string;
  /** For a deserializer: whether the registry has the schema as text, which it then leaves alone. */
  readonly isText?: boolean;
}

/** How a key or value is written or read. */
export type As = AsAvroOrJson | AsProtobuf;

/** A key or value that a serializer writes. */
export type WrittenField = As & {
  /** The value, as an expression of Python; of Protobuf it is the message's JSON. */
  readonly python: string;
  readonly strategy?: 'topic' | 'record' | 'topic-record';
  readonly framing?: 'header';
  /** False takes the latest version that the registry has. */
  readonly registers?: boolean;
};

export interface WrittenWithSchemas {
  readonly topic: string;
  readonly key: WrittenField | null;
  readonly value: WrittenField | null;
}

interface Place {
  readonly bootstrapServers: string;
  readonly registry: string;
}

const program = join(import.meta.dirname, 'clients/schemas.py');

/** Writes to partition 0 of each topic, in this order. */
export async function writeWithSchemas(
  { bootstrapServers, registry }: Place,
  records: readonly WrittenWithSchemas[],
): Promise<void> {
  await pythonFile(program, ['write'], JSON.stringify({ servers: bootstrapServers, registry, records }));
}

/** Partition 0 of a topic as the deserializers read it; what JSON has not, such as a decimal, as Python's repr has it. */
export async function readWithSchemas(
  { bootstrapServers, registry }: Place,
  topic: string,
  key: As,
  value: As,
): Promise<{ readonly key: unknown; readonly value: unknown }[]> {
  const task = { servers: bootstrapServers, registry, topic, key, value };
  return JSON.parse((await pythonFile(program, ['read'], JSON.stringify(task))).toString());
}
