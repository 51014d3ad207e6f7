/** A schema that was looked up and compiled: what reads the data behind a frame. */
import type { CompiledSchema } from '../../schemas/compiled-schema.ts';
import type { SchemaFormat } from './formats.ts';
import type { SchemaFrame } from './framing/frame.ts';
import { choiceEnd, type MessageChoice, readMessageChoice } from './framing/message-choice.ts';

/** What a field was read with. The same object for all data of one type. */
export interface SchemaOrigin {
  readonly format: SchemaFormat;
  /** In the registry: a number, or the text that names it; null for a schema from a file. */
  readonly schemaId: number | string | null;
  readonly type: string;
}

/** A type to read with, and what is said of it. */
interface ReadableType {
  readonly compiled: CompiledSchema;
  readonly origin: SchemaOrigin;
}

export interface LoadedSchema {
  readonly format: SchemaFormat;
  /**
   * The type of the data at `frame.start`, which moves behind what says so; undefined if that is nothing the schema has.
   * @param end where the field ends
   */
  typeOf(frame: SchemaFrame, bytes: Buffer, end: number): ReadableType | undefined;
}

/** A schema with one type: Avro and JSON Schema. */
export function loadedSchema(format: SchemaFormat, schemaId: SchemaOrigin['schemaId'], compiled: CompiledSchema): LoadedSchema {
  const readable: ReadableType = { compiled, origin: { format, schemaId, type: compiled.type } };
  return { format, typeOf: () => readable };
}

/**
 * The messages of a .proto file.
 * @param compile gives undefined for a place or name that the file has not
 * @param usual the message of data that does not say which
 */
export function loadedMessages(
  schemaId: SchemaOrigin['schemaId'],
  compile: (choice: MessageChoice) => CompiledSchema | undefined,
  usual: MessageChoice,
): LoadedSchema {
  const types = new Map<string, ReadableType | undefined>();
  let last: MessageChoice | undefined;
  let lastType: ReadableType | undefined;
  function typeOf(choice: MessageChoice): ReadableType | undefined {
    if (choice === last) return lastType;
    const name = String(choice);
    if (!types.has(name)) {
      const compiled = compile(choice);
      types.set(name, compiled && { compiled, origin: { format: 'protobuf', schemaId, type: compiled.type } });
    }
    last = choice;
    lastType = types.get(name);
    return lastType;
  }
  return {
    format: 'protobuf',
    typeOf(frame, bytes, end) {
      const { schema, indexes, message } = frame;
      if (message !== undefined && schema?.kind !== 'id' && schema?.kind !== 'guid') return typeOf(message);
      if (indexes?.length === 0 || schema === undefined || schema.kind === 'azure') return typeOf(usual);
      if (schema.kind === 'glue') {
        // Glue's own number of the message, one plain varint: its order is that of all messages of the file by name, not Confluent's.
        while (frame.start < end && bytes[frame.start]! > 127) frame.start++;
        frame.start++;
        return typeOf(usual);
      }
      // Where a header names the schema, all of the field is data.
      const choice = indexes ? readMessageChoice(indexes, 0, indexes.length) : readMessageChoice(bytes, frame.start, end);
      if (choice === undefined) return undefined;
      if (!indexes) frame.start = choiceEnd;
      return typeOf(choice);
    },
  };
}
