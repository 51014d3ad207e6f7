/** What tests of Protobuf share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteSink } from '../../../../src/base/bytes/byte-sink.ts';
import type { CompiledSchema } from '../../../../src/schemas/compiled-schema.ts';
import { SchemaDataError } from '../../../../src/schemas/data-error.ts';
import { type ProtobufSchema, readProtobuf } from '../../../../src/schemas/protobuf/schema.ts';

export function data(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'data', name));
}

/** A schema that imports nothing but what is bundled. */
export function schemaOf(text: string): Promise<ProtobufSchema> {
  return readProtobuf('test.proto', text, () => undefined);
}

/** The message of a proto3 file with these declarations. */
export async function proto3(declarations: string, name = 'M'): Promise<CompiledSchema> {
  return (await schemaOf(`syntax = "proto3"; ${declarations}`)).compile(name);
}

export async function proto2(declarations: string, name = 'M'): Promise<CompiledSchema> {
  return (await schemaOf(`syntax = "proto2"; ${declarations}`)).compile(name);
}

/** The JSON of bytes given as hexadecimal digits, blanks between them. */
export function jsonOf(compiled: CompiledSchema, hex: string): string {
  const bytes = Buffer.from(`ff${hex.replaceAll(' ', '')}ff`, 'hex');
  const sink = new ByteSink(16);
  compiled.writeJson(bytes, 1, bytes.length - 1, sink);
  return sink.buf.toString('utf8', 0, sink.length);
}

export function hexOf(compiled: CompiledSchema, json: string): string {
  return compiled.encode(json).toString('hex');
}

/** What the error says, with its path and byte. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SchemaDataError)) throw error;
    const { path, at, message } = error;
    return `${path}${at === undefined ? '' : ` @${at}`}: ${message}`;
  }
  throw new Error('it was taken');
}
