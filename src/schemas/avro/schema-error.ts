/** What is wrong with an Avro schema, and where in it. */
import { type KtError, usageError } from '../../base/errors.ts';

/** @param path such as `fields[2].type`; empty for the schema itself */
export function schemaError(path: string, problem: string, hint?: string): KtError {
  return usageError(path === '' ? `Avro schema: ${problem}` : `Avro schema, ${path}: ${problem}`, hint);
}
