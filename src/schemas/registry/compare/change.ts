/** How two schemas differ: a list of places, whatever kind of schema it is. */

export interface SchemaChange {
  /** Where: `customer.address.city` in Avro and JSON Schema, `Order.items` in Protobuf; empty for the schema as a whole. */
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** What stands there in the first schema; null where nothing does. */
  readonly from: string | null;
  readonly to: string | null;
}

/** What stands at each path of a schema, in its order. */
export type SchemaParts = ReadonlyMap<string, string>;

/** In the order of the second schema; what was removed comes first. */
export function changesBetween(before: SchemaParts, after: SchemaParts): SchemaChange[] {
  const removed = [...before].filter(([path]) => !after.has(path));
  const changes: SchemaChange[] = removed.map(([path, from]) => ({ path, change: 'removed', from, to: null }));
  for (const [path, to] of after) {
    const from = before.get(path);
    if (from === undefined) changes.push({ path, change: 'added', from: null, to });
    else if (from !== to) changes.push({ path, change: 'changed', from, to });
  }
  return changes;
}
