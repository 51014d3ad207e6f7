/** What an expression can name of a record. */
export const fieldNames = ['key', 'value', 'headers', 'topic', 'partition', 'offset', 'timestamp'] as const;
export type FieldName = (typeof fieldNames)[number];

/** What an expression is evaluated on: a value for each name that it may use. */
export type Scope<Name extends string> = { readonly [name in Name]: unknown };

/** One record's fields, each decoded when an expression first asks for it. */
export type RecordScope = Scope<FieldName> & {
  /** The fields of the value, each read alone; undefined where a value is read as a whole. */
  readonly parts?: ValueParts | undefined;
};

/** The fields of values, by their paths: names one in the other. */
export interface ValueParts {
  /** The slot by which `value` gives the field at this path. */
  slot(path: readonly string[]): number;
  /** What `value.….name` is for the current record. */
  value(slot: number): unknown;
}
