/** What a schema's text is written in, where nothing else says it: by what only one of the languages has. */
import { isObject, readJson } from './body.ts';
import type { SchemaType } from './schema.ts';

const avroTypes: readonly unknown[] = ['record', 'error', 'enum', 'fixed', 'map', 'int', 'long', 'float', 'double', 'bytes'];

/** Undefined for a text that may be Avro and JSON Schema alike, such as `{"type":"string"}`, or none of them. */
export function typeOfText(text: string): SchemaType | undefined {
  const value = readJson(text);
  if (value === undefined) return /\b(syntax|edition|message|package)\b/.test(text) ? 'PROTOBUF' : undefined;
  if (typeof value === 'string' || Array.isArray(value)) return 'AVRO';
  if (!isObject(value)) return undefined;
  if ('$schema' in value || '$id' in value || 'properties' in value) return 'JSON';
  return avroTypes.includes(value['type']) ? 'AVRO' : undefined;
}
