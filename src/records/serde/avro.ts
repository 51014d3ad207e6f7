/** Serde `avro`: data of an Avro schema, which the record names or a file has. */
import { schemaSerde } from './schema-serde.ts';
import type { MakeSerde } from './serde.ts';

export const makeSerde: MakeSerde = (context) => schemaSerde('avro', context);
