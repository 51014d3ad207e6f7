/** Serdes `schema`, `avro`, `protobuf` and `json-schema`: a schema says what the bytes are. The schemas of the run know which one was asked for. */
import type { MakeSerde } from './serde.ts';

export const makeSerde: MakeSerde = ({ field, schemas }) => {
  const serde = schemas?.serde(field);
  // Commands refuse such a format where nothing says the schemas.
  if (!serde) throw new Error(`no schemas were opened for ${field}s`);
  return serde;
};
