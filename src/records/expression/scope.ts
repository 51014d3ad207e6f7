/** What an expression can name of a record. */
export const fieldNames = ['key', 'value', 'headers', 'topic', 'partition', 'offset', 'timestamp'] as const;
export type FieldName = (typeof fieldNames)[number];

/** One record's fields, each decoded when an expression first asks for it. */
export type RecordScope = { readonly [name in FieldName]: unknown };
