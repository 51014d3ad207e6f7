/** What an expression can name of a record. */
export const fieldNames = ['key', 'value', 'headers', 'topic', 'partition', 'offset', 'timestamp'] as const;
export type FieldName = (typeof fieldNames)[number];

/** What an expression is evaluated on: a value for each name that it may use. */
export type Scope<Name extends string> = { readonly [name in Name]: unknown };

/** One record's fields, each decoded when an expression first asks for it. */
export type RecordScope = Scope<FieldName>;
