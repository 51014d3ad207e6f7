/** The serdes whose meaning a schema says. */
import { usageError } from '../../base/errors.ts';
import type { SchemaSerdeName } from '../schemas/record-schemas.ts';
import type { Serde, SerdeContext } from './serde.ts';

/** @throws KtError `usage` where there is neither a registry nor a file */
export function schemaSerde(name: SchemaSerdeName, { field, schemas }: SerdeContext): Serde {
  const serde = schemas?.serde(field);
  if (serde) return serde;
  const file = { schema: '--avro-schema', avro: '--avro-schema', protobuf: '--proto', 'json-schema': '--json-schema' }[name];
  throw usageError(
    `--${field}-format ${name} (there is no schema to read with)`,
    `name a registry (--registry URL, or KT_REGISTRY), or a file: ${field === 'key' ? file.replace('--', '--key-') : file}`,
  );
}
