/**
 * Schemas by Apicurio's global ids, which its serializers write into headers by default. Its API for Confluent's clients
 * (`/apis/ccompat/v7`) does not know them; its own beside that (`/apis/registry/v2`) does.
 */
import { strange } from './answers.ts';
import { isObject } from './body.ts';
import type { RegistryClient } from './client.ts';
import { RegistryError } from './error.ts';
import type { PlainSchema, ReferenceName } from './schema.ts';
import { typeOfText } from './type-of-text.ts';

/** From the address of the other API. */
const ownApi = ['..', '..', 'registry', 'v2', 'ids', 'globalIds'];

/** @param id decimal digits @throws RegistryError: `isMissing` also where the registry is not Apicurio */
export async function schemaByGlobalId(client: RegistryClient, id: string): Promise<PlainSchema> {
  const what = `get the schema with global id ${id}`;
  if (!client.settings.urls.every((url) => /\/ccompat\/v\d+$/.test(url)))
    throw new RegistryError('refused', `cannot ${what} (only Apicurio has such ids)`, { status: 404 });
  const path = [...ownApi, id];
  const text = await client.ask({ path, what, isText: true });
  if (typeof text !== 'string') throw strange(what, 'it is no text');
  const references = await client.ask({ path: [...path, 'references'], what });
  if (!Array.isArray(references)) throw strange(what, 'its references are no list');
  // It does not say the type. What can be Avro and JSON Schema alike is a bare type, which hardly anybody registers as JSON Schema.
  return { type: typeOfText(text) ?? 'AVRO', text, references: references.map((each) => readReference(each, what)) };
}

/** An artifact of the default group is a subject of the other API. */
function readReference(value: unknown, what: string): ReferenceName {
  if (!isObject(value)) throw strange(what, 'a reference in it is no object');
  const { groupId, artifactId: subject, version, name } = value;
  if (typeof subject !== 'string' || typeof name !== 'string' || !/^[1-9]\d*$/.test(String(version)))
    throw strange(what, 'a reference in it has no name, artifact or version that is a number');
  if (groupId !== undefined && groupId !== null && groupId !== 'default')
    throw strange(what, `it refers to ${subject} of group ${String(groupId)}, and only the default group can be asked for`);
  return { name, subject, version: Number(version) };
}
