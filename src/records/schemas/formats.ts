/** The words of options and JSON lines for data that has a schema. Apart from what they stand for, which is loaded only when it is used. */

/** Kinds of schemas. */
export const schemaFormats = ['avro', 'protobuf', 'json-schema'] as const;
export type SchemaFormat = (typeof schemaFormats)[number];

/** The formats that schemas say; `schema` is whichever the record names. */
export const schemaSerdeNames = ['schema', ...schemaFormats] as const;
export type SchemaSerdeName = (typeof schemaSerdeNames)[number];

/** `raw` shows what cannot be read as it is, `skip` leaves its record out, `fail` ends the reading. */
export const onDecodeErrors = ['raw', 'skip', 'fail'] as const;
export type OnDecodeError = (typeof onDecodeErrors)[number];

/** Where a record says its schema: in front of the data, in a header, or nowhere. */
export const framings = ['v0', 'header', 'none'] as const;
export type Framing = (typeof framings)[number];
