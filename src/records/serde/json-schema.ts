/** Serde `json-schema`: JSON of a JSON Schema, which the record names or a file has. */
import { schemaSerde } from './schema-serde.ts';
import type { MakeSerde } from './serde.ts';

export const makeSerde: MakeSerde = (context) => schemaSerde('json-schema', context);
