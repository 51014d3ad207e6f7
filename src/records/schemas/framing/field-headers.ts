/** The headers that say how the bytes of a key or value are read, by whoever wrote them: once the bytes are others, they are wrong. */

type Field = 'key' | 'value';

/** Apicurio's names behind `apicurio.key.` and `apicurio.value.` (SerdeHeaders). */
const apicurioNames = ['globalId', 'contentId', 'contentHash', 'groupId', 'artifactId', 'version', 'msgType', 'encoding'];

/** Confluent's header with the id or GUID of a field's schema (SchemaId). */
export function confluentHeader(field: Field): string {
  return `__${field}_schema_id`;
}

export function apicurioHeader(field: Field, name: 'globalId' | 'contentId' | 'encoding'): string {
  return `apicurio.${field}.${name}`;
}

/** Which message of a Protobuf schema Apicurio's data is: one header for key and value, and values have it nearly always. */
export const apicurioMessage = 'apicurio.protobuf.type';

/** What a value is; Azure's serializer puts the schema there too: `avro/binary+ID`. */
export const contentType = 'content-type';
const azureType = 'avro/binary+';

/** The id of a schema in a content type; undefined in any other. */
export function azureSchemaId(type: Buffer): string | undefined {
  const text = type.toString('latin1');
  return text.startsWith(azureType) ? text.slice(azureType.length) : undefined;
}

const allNames: Readonly<Record<Field, ReadonlySet<string>>> = {
  key: namesOf('key'),
  value: namesOf('value').add(apicurioMessage),
};

function namesOf(field: Field): Set<string> {
  return new Set([confluentHeader(field), ...apicurioNames.map((name) => `apicurio.${field}.${name}`)]);
}

/** CloudEvents' own words for what a value is and which schema it has, in binary mode; whoever writes it with another schema knows better. */
const contentNames: ReadonlySet<string> = new Set([contentType, 'ce_dataschema']);

/** Whether a header is wrong once a field has other bytes. @param withSchema whether these were written with a schema */
export function isStaleHeader(field: Field, withSchema: boolean, name: string, value: Buffer | null): boolean {
  if (allNames[field].has(name)) return true;
  if (field === 'key') return false;
  return (
    (withSchema && contentNames.has(name)) || (name === contentType && value !== null && azureSchemaId(value) !== undefined)
  );
}
