/** What a registry's answers say, read with care: fields that only some registries send may be absent. */
import { isObject } from './body.ts';
import { RegistryError } from './error.ts';
import { type PlainSchema, type ReferenceName, type SchemaType, schemaTypes } from './schema.ts';

/** @param known what the question says already, where the answer may not repeat it @throws RegistryError `refused` */
export function readSchema(value: unknown, what: string, known: Partial<PlainSchema> = {}): PlainSchema {
  if (!isObject(value) || typeof value['schema'] !== 'string') throw strange(what, 'there is no schema in it');
  const { id, guid, subject, version, schema, schemaType, references } = value;
  return {
    ...known,
    ...(isWhole(id) && { id }),
    ...(typeof guid === 'string' && { guid }),
    ...(typeof subject === 'string' && { subject }),
    ...(isWhole(version) && { version }),
    type: readType(schemaType, what),
    text: schema,
    references: readReferences(references, what),
  };
}

/** Absent stands for Avro. */
function readType(value: unknown, what: string): SchemaType {
  if (value === undefined || value === null || value === '') return 'AVRO';
  const type = schemaTypes.find((each) => each === value);
  if (type) return type;
  throw strange(what, `its type is ${String(value)}, and kt knows ${schemaTypes.join(', ')}`);
}

function readReferences(value: unknown, what: string): ReferenceName[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw strange(what, 'its references are no list');
  return value.map((each: unknown) => {
    if (!isObject(each)) throw strange(what, 'a reference in it is no object');
    const { name, subject, version } = each;
    if (typeof name !== 'string' || typeof subject !== 'string' || !isWhole(version))
      throw strange(what, 'a reference in it has no name, subject or version');
    return { name, subject, version };
  });
}

export function readNames(value: unknown, what: string): string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw strange(what, 'it is no list of names');
}

export function readNumbers(value: unknown, what: string): number[] {
  if (Array.isArray(value) && value.every(isWhole)) return value;
  throw strange(what, 'it is no list of numbers');
}

export function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

/** An answer that says 200 and not what was asked. */
export function strange(what: string, why: string): RegistryError {
  return new RegistryError('refused', `cannot ${what} (the registry's answer cannot be used: ${why})`, {
    code: 'UNEXPECTED_ANSWER',
    hint: '-v shows each request',
  });
}
