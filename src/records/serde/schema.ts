/** Serde `schema`: the schema that the record names says what the bytes are. */

import { schemaSerde } from './schema-serde.ts';
import type { MakeSerde } from './serde.ts';

export const makeSerde: MakeSerde = (context) => schemaSerde('schema', context);
